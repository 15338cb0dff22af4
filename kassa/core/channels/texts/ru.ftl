channels-start =
    👋 **Здравствуйте, { $name }!**

    Это { $bot }. Напишите вопрос обычным сообщением — отвечу с помощью нейросети.

    • выбрать модель и узнать цену ответа: /models
    • купить токены: /buy
    • сколько осталось: /balance
channels-web-greeting = 👋 **Здравствуйте!** Напишите вопрос, и нейросеть на него ответит.
channels-description = Отвечаю на вопросы с помощью нейросетей: ChatGPT, Claude, Gemini, DeepSeek и других. Платите только за полученные ответы.
channels-about = Нейросети в одном боте: ответы за токены, без подписки на каждую.
channels-help =
    ℹ️ **Как это работает**

    1. Купите токены: /buy
    2. Выберите модель: /models. У каждой своя цена за ответ.
    3. Пишите вопрос. Ответ появляется по мере написания, его можно остановить кнопкой.

    Токены списываются только за полученный ответ. За ошибку, отказ и пустой ответ — нет.

    /new — начать новый диалог, /settings — настройки, /paysupport — вопросы по оплате.
channels-menu = 📋 **Меню**
channels-language = 🌐 Выберите язык:
channels-language-set = ✅ Теперь я отвечаю по-русски.
channels-profile =
    👤 **{ $name }**

    • номер покупателя: { $number }
    • с нами с { $since }
    • язык: { $language }
channels-settings = ⚙️ **Настройки**
channels-app = Приложение
channels-app-offer = Всё остальное — в приложении: баланс, тарифы, чат и настройки.
channels-button-app = 📱 Открыть приложение
channels-button-language = 🌐 Язык
channels-button-profile = 👤 Профиль
channels-button-settings = ⚙️ Настройки
channels-button-help = ℹ️ Помощь
channels-button-outdated = Эта кнопка устарела. Откройте /menu.
channels-unknown-command = Такой команды нет. Вот что я умею:
channels-something-went-wrong = Не получилось. Попробуйте ещё раз или откройте /menu.
command-start = Начать сначала
command-help = Как это работает
command-menu = Меню
command-language = Язык
command-profile = Профиль
command-settings = Настройки
channels-file_not_fetched = 📎 Telegram не отдал файл. Ничего не списано: пришлите его ещё раз.
files-too_large = 📎 Файл слишком большой. Можно картинки до 10 МБ и документы до 20 МБ. Ничего не списано.
files-empty = 📎 Файл пустой. Ничего не списано.
files-kind_refused = 📎 Такие файлы не принимаем. Подойдут картинки, PDF, тексты и код. Ничего не списано.
files-kind_disagrees = 📎 Содержимое не совпадает с названием файла. Ничего не списано.
files-picture_refused = 🖼 Картинка повреждена или слишком большая. Ничего не списано.
files-archive_refused = 📎 Этот архив не принимаем. Ничего не списано.
files-infected = 🦠 Файл заражён и не принят. Ничего не списано.
files-not_found = 📎 Этого файла больше нет. Пришлите его ещё раз.
files-not_ready = 📎 Файл ещё проверяется. Спросите через минуту.
