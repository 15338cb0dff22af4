ai-models =
    🧠 **Модели**

    Цена — токены за один ответ. Нажмите, чтобы выбрать.
ai-model-line = ▫️ **{ $title }** · { $price } токенов
    { $about }
ai-model-chosen = Теперь отвечает { $title }
ai-model_not_found = Этой модели здесь больше нет. Выберите другую: /models
ai-new-dialog = 🆕 Начинаем новый диалог. Прежние вопросы модель больше не видит — спрашивайте.
ai-no-dialogs = Диалогов пока нет. Напишите вопрос, и появится первый.
ai-dialogs = 💬 **Ваши диалоги**
ai-dialog =
    💬 **{ $title }**

    • роль модели: { $prompt }
    • память: { $memory }

    Следующий вопрос продолжит этот диалог.
ai-dialog-no-prompt = не задана
ai-dialog-ask-title = ✏️ Пришлите новое название диалога.
ai-dialog-ask-prompt = 🎭 Опишите роль: кто отвечает и как. Например: «Ты редактор, отвечай коротко». Прочерк (—) убирает роль.
ai-dialog-deleted = Диалог удалён
ai-memory-on = модель помнит прежние вопросы
ai-memory-off = каждый вопрос сам по себе
ai-button-models = 🧠 Модели
ai-button-dialogs = 💬 Диалоги
ai-button-rename = ✏️ Название
ai-button-prompt = 🎭 Роль
ai-button-memory-on = 🧷 Включить память
ai-button-memory-off = 🧷 Выключить память
ai-button-delete = 🗑 Удалить
ai-button-stop = ⏹ Стоп
ai-button-retry = 🔁 Спросить ещё раз
ai-button-light = 🍃 Ответить лёгкой моделью бесплатно
ai-stopping = Останавливаю…
ai-already-answered = Ответ уже готов
ai-stopped = ⏹ Остановлено. За полученную часть ответа списано { $tokens } токенов.
ai-stopped-free = ⏹ Остановлено.
ai-stopped-before-answer = ⏹ Остановлено до начала ответа. Токены не списаны.
ai-not-enough =
    🪙 **Не хватает токенов**

    Ответ { $title } стоит { $price }, а на балансе { $available }.
ai-not-enough-held =
    🪙 **Не хватает свободных токенов**

    Ответ { $title } стоит { $price }, а свободно { $available }. Ещё { $held } отложены под ответы, которые сейчас готовятся: если они не понадобятся, токены вернутся.
ai-not-charged = Токены не списаны.
ai-refused = 🚫 Модель отказалась отвечать на этот вопрос. Попробуйте спросить иначе.
ai-bad_input = 🤔 Модель не смогла разобрать вопрос: возможно, он слишком длинный. Попробуйте короче или начните новый диалог: /new
ai-timeout = ⌛ Модель не ответила вовремя.
ai-empty_answer = 🫥 Модель прислала пустой ответ.
ai-busy = 🚦 Сейчас слишком много вопросов, модель не успевает. Подождите минуту.
ai-no_route = 🔌 Эта модель сейчас не подключена. Выберите другую: /models
ai-provider_unavailable = ⚠️ Модель временно недоступна.
ai-price_missing_rate = 🔌 У этой модели сейчас не задана цена. Выберите другую: /models
ai-price_missing_quantity = 🔌 У этой модели сейчас не задана цена. Выберите другую: /models
ai_access-question_too_long = ✂️ Вопрос слишком длинный: можно до { $limit } знаков.
ai_access-question_empty = Напишите вопрос словами.
ai_access-dialog_not_found = Этого диалога больше нет. Откройте /dialogs
ai_access-request_not_found = Этот вопрос больше нельзя повторить. Напишите его ещё раз.
command-models = Выбрать модель
command-new = Новый диалог
command-dialogs = Мои диалоги
