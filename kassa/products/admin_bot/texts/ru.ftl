command-admin = Панель для сотрудников
command-stats = Статистика
command-role = Моя роль и права
command-ban = Заблокировать клиента
command-refund = Вернуть деньги
admin-linked =
    🔗 **Готово.** Этот Telegram привязан к учётной записи { $email }, роль: { $role }.

    Команды для сотрудников: /admin, /stats, /role, /ban, /refund. Другим людям бот о них не говорит.
identity-proof_invalid = 🔗 Эта ссылка уже использована или устарела. Возьмите новую в профиле панели.
identity-telegram_set = 🔗 К вашей учётной записи уже привязан Telegram. Сначала отвяжите его в профиле панели.
identity-telegram_taken = 🔗 Этот Telegram уже привязан к другому сотруднику.
access-permission_denied = 🚫 Ваша роль этого не позволяет.
admin-no-access = 🚫 У вас больше нет доступа к панели.
admin_bot-button_outdated = Эта кнопка устарела. Откройте /admin.
admin-menu =
    🧭 **{ $organization }**

    { $name }, { $role }
admin-role =
    🪪 **{ $role }**
    { $email }

    Вам можно:
admin-role-nothing = Пока ничего: попросите владельца дать вашей роли права.
admin-role-owner = владелец
admin-role-super-admin = главный администратор
admin-role-admin = администратор
admin-role-moderator = модератор
admin-role-support-agent = поддержка
admin-role-finance-admin = финансы
admin-role-analyst = аналитик
admin-unlink =
    🔗 **Отвязать этот Telegram от учётной записи?**

    Команды для сотрудников и оповещения здесь пропадут. Привязать снова можно в профиле панели.
admin-unlink-do = Да, отвязать
admin-unlink-done = 🔗 Отвязано. Здесь вы теперь обычный клиент.
admin-alerts =
    🔔 **О чём писать вам сразу?**

    Нажмите, чтобы включить или выключить. О каждом событии бот пишет один раз.
admin-alerts-none = 🔕 Для вашей роли оповещений нет.
admin-alerts-ledger = Сверка денег не сошлась
admin-alerts-health = Что-то не отвечает
admin-alerts-review = Платёж ждёт решения
admin-alerts-job = Задание не выполнилось
admin-alert-down =
    🔴 **Не отвечает: { $name }**

    { $detail }
admin-alert-up = 🟢 **{ $name } снова отвечает**
admin-alert-red =
    🔴 **Сверка не сошлась:** «{ $name }»

    Остановите продажи, пока не найдена причина. Что делать, написано в руководстве, раздел «Runbook».
admin-alert-green = 🟢 **Сверка снова сходится:** «{ $name }»
admin-alert-review =
    ⚖️ **Платёж ждёт решения.** Заказ № { $number }: { $about }.

    Деньги не потеряны и никому не зачислены, пока вы не решите.
admin-alert-failed =
    🧯 **{ $count ->
        [one] { $count } задание не выполнилось
        [few] { $count } задания не выполнились
       *[other] { $count } заданий не выполнились
    }** после всех попыток.

    { $first }
admin-button-look = Посмотреть
admin-button-menu = 🧭 Меню
admin-button-search = 🔎 Найти клиента
admin-button-orders = 🧾 Заказы
admin-button-order = 🧾 Заказ № { $number }
admin-button-find-order = 🔎 По номеру
admin-button-further = Дальше ›
admin-button-stats = 📊 Статистика
admin-button-cases = ⚖️ На проверке
admin-button-health = 🩺 Состояние
admin-button-errors = 🧯 Ошибки
admin-button-alerts = 🔔 Оповещения
admin-button-role = 🪪 Моя роль
admin-button-unlink = 🔗 Отвязать Telegram
admin-button-customer = 👤 Клиент
admin-button-give-tokens = ➕ Начислить
admin-button-take-tokens = ➖ Списать
admin-button-ban = ⛔️ Заблокировать
admin-button-unban = ✅ Разблокировать
admin-button-sign-out = 🚪 Завершить все сеансы
admin-button-refund = ↩️ Вернуть деньги
admin-button-refund-all = Всё: { $amount }
admin-button-refund-part = Часть
admin-button-again = 🔄 Ещё раз
admin-button-examine = 🔬 Проверить всё
admin-button-ledger = ⚖️ Сверка
admin-button-replay = 🔄 Повторить
admin-button-cancel = Отмена
admin-cancelled = Отменено, ничего не изменилось.
admin-press-or-cancel = Нажмите кнопку под вопросом выше или отмените.
admin-not-again = Это уже сделано или отменено.
admin_bot-reason_missing = Напишите причину словами: она останется в журнале.
admin_bot-reason_long = Короче, пожалуйста: не больше { $limit } знаков.
admin_bot-tokens_invalid = Напишите целое число, например 10000. Со сроком: 10000 на 30 дней.
admin-search = 🔎 Кого найти? Напишите номер клиента, Telegram ID, @имя, почту или часть имени.
admin-search-nothing =
    🔎 По словам «{ $words }» никого нет.

    Напишите иначе: номер, Telegram ID, @имя, почту или часть имени.
admin-search-found = 🔎 По словам «{ $words }» нашлись:
admin-search-found-many = 🔎 По словам «{ $words }» нашлось много, вот { $count } новых. Уточните, если нужного нет.
admin-customer = 👤 **{ $name }** · № { $number }
admin-customer-contacts = { $contacts }
admin-customer-erased = 🗑 Данные клиента удалены.
admin-customer-banned = ⛔️ **Заблокирован** { $until }: { $reason }
admin-customer-note = 📝 { $note }
admin-for-ever = без срока
admin-until = до { $date }
admin-customer-balance = 👛 **{ $tokens } токенов**
admin-customer-held = 🔒 ещё { $tokens } отложены под ответы
admin-customer-grant = • { $tokens } { $until }
admin-customer-grants-more = • и ещё { $count ->
        [one] { $count } начисление
        [few] { $count } начисления
       *[other] { $count } начислений
    }
admin-customer-spent = 💳 Потратил: **{ $amount }**
admin-customer-facts =
    🕒 Активность: { $seen }
    🏅 Уровень: { $level }
    🌐 Язык: { $language }
    🤖 Боты: { $bots }
    📅 С нами с { $since }
admin-customer-panel = 🔗 В панели: [карточка]({ $card }), [переписка]({ $dialogs })
admin-ban-whom = ⛔️ Кого заблокировать? Напишите номер клиента, Telegram ID, @имя, почту или часть имени.
admin-ban = ⛔️ За что заблокировать клиента **{ $name }** (№ { $number })? Причину он увидит.
admin-ban-confirm =
    ⛔️ **Заблокировать: { $name }, № { $number }?**

    Причина: { $reason }

    Бот и сайт перестанут отвечать сразу. Токены останутся. На сколько?
admin-ban-do = { $days ->
        [0] ⛔️ Без срока
        [one] ⛔️ На { $days } день
        [few] ⛔️ На { $days } дня
       *[other] ⛔️ На { $days } дней
    }
admin-ban-done = ⛔️ **{ $name }** (№ { $number }) больше не обслуживается, { $until }. Причина: { $reason }
admin-unban = ✅ Почему снимаем блокировку с клиента **{ $name }** (№ { $number })?
admin-unban-confirm =
    ✅ **Разблокировать: { $name }, № { $number }?**

    Причина: { $reason }
admin-unban-do = ✅ Да, разблокировать
admin-unban-done = ✅ **{ $name }** (№ { $number }) снова обслуживается. Причина: { $reason }
admin-signout = 🚪 Почему завершаем все сеансы клиента **{ $name }** (№ { $number })?
admin-signout-confirm =
    🚪 **Завершить все сеансы: { $name }, № { $number }?**

    Причина: { $reason }

    Придётся войти заново, ключи API перестанут работать.
admin-signout-do = 🚪 Да, завершить
admin-signout-done = 🚪 Все сеансы клиента **{ $name }** (№ { $number }) завершены. Причина: { $reason }
admin-give =
    ➕ Сколько токенов начислить клиенту **{ $name }** (№ { $number })? Сейчас { $tokens }.

    Напишите число, например 10000. Чтобы они сгорели: 10000 на 30 дней.
admin-give-why = ➕ Почему начисляем { $tokens }? Причина останется в журнале.
admin-give-confirm =
    ➕ **Начислить { $tokens } токенов: { $name }, № { $number }?**

    Срок: { $days ->
        [0] не ограничен
        [one] { $days } день
        [few] { $days } дня
       *[other] { $days } дней
    }
    Причина: { $reason }
admin-give-do = ➕ Да, начислить
admin-give-done = ➕ Готово: у клиента **{ $name }** (№ { $number }) теперь **{ $tokens } токенов**. Причина: { $reason }
admin-take =
    ➖ Сколько токенов списать у клиента **{ $name }** (№ { $number })? Сейчас { $tokens }.

    Напишите число, например 10000.
admin-take-why = ➖ Почему списываем { $tokens }? Причина останется в журнале.
admin-take-confirm =
    ➖ **Списать { $tokens } токенов: { $name }, № { $number }?**

    Причина: { $reason }
admin-take-do = ➖ Да, списать
admin-take-done = ➖ Готово: у клиента **{ $name }** (№ { $number }) осталось **{ $tokens } токенов**. Причина: { $reason }
ledger-insufficient_funds = 👛 Столько нет: доступно { $available }. Напишите меньше.
ledger-units_invalid = Напишите целое число токенов больше нуля.
policies-already_blocked = ⛔️ Клиент уже заблокирован.
identity-customer_not_found = 🔎 Такого клиента нет.
admin-sales =
    🧾 **Заказы**

    Выберите заказ или покажите только часть.
admin-sales-none = 🧾 Таких заказов нет.
admin-sales-of = 🧾 **Заказы клиента { $name }** (№ { $number })
admin-sales-of-none = 🧾 У клиента { $name } (№ { $number }) заказов нет.
admin-sales-all = Все
admin-sales-paid = Оплачены
admin-sales-pending = Ждут
admin-sales-failed = Не прошли
admin-sales-refunded = Возвраты
admin-sales-review = На проверке
admin-sale-line = { $sign } № { $number } · { $amount } · { $when }
admin-sale-which = 🔎 Напишите номер заказа.
admin-sale = { $sign } **Заказ № { $number }**: { $status }
admin-sale-facts =
    💳 **{ $amount }**, { $provider }
    📦 { $plan }
    👤 { $name } · № { $customer }
    🕒 Создан: { $placed }
    ✅ Оплачен: { $paid }
admin-provider-yookassa = ЮKassa
admin-provider-stars = звёзды Telegram
admin-provider-paddle = Paddle
admin-provider-ton = TON
admin-sale-test = 🧪 Проверочный платёж, денег не было.
admin-sale-pending = ждёт оплаты
admin-sale-paid = оплачен
admin-sale-failed = не оплачен
admin-sale-refunded = деньги возвращены
admin-sale-partially-refunded = возвращена часть денег
admin-sale-review = на проверке
admin-sale-refund-pending = ⏳ Возврат { $amount } отправлен, токенов взято: { $tokens }. Причина: { $reason }
admin-sale-refund-succeeded = ↩️ Возвращено { $amount }, токенов взято: { $tokens }. Причина: { $reason }
admin-sale-refund-failed = ✖️ Возврат { $amount } не прошёл, токены ({ $tokens }) у клиента. Причина: { $reason }
billing-order_not_found = 🧾 Такого заказа нет. Напишите другой номер.
billing-payment_not_found = 🧾 Такого платежа нет.
billing-not_refundable = ↩️ По этому заказу возвращать нечего.
billing-refund_amount_invalid = ↩️ Столько вернуть нельзя. Напишите сумму не больше остатка, например 49.
billing-review_not_found = ⚖️ Такого случая нет.
billing-review_resolved = ⚖️ Этот случай уже решён.
billing-review_no_money = ⚖️ Денег не приходило, выдавать или возвращать нечего. Можно оставить как есть.
admin_bot-amount_invalid = Напишите сумму цифрами, например 49 или 49,50.
admin-refund-which = ↩️ По какому заказу вернуть деньги? Напишите его номер.
admin-refund =
    ↩️ **Возврат по заказу № { $number }** ({ $name })

    Можно вернуть до { $left }. Сколько?
admin-refund-part = ↩️ Сколько вернуть? Напишите сумму, не больше { $left }.
admin-refund-why = ↩️ Почему возвращаем { $amount } по заказу № { $number }? Причина останется в журнале.
admin-refund-confirm =
    ↩️ **Вернуть { $amount } по заказу № { $number }?**

    Клиент: { $name }
    У него спишется токенов: **{ $tokens }**
    Причина: { $reason }

    Отменить возврат потом нельзя.
admin-refund-do = ↩️ Да, вернуть { $amount }
admin-refund-sent = ⏳ Возврат { $amount } по заказу № { $number } отправлен. Напишу, когда платёжный сервис ответит.
admin-refund-done = ✅ **Деньги возвращены:** { $amount } по заказу № { $number }. Токенов взято: { $tokens }.
admin-refund-failed = ✖️ **Возврат не прошёл:** { $amount } по заказу № { $number }. Платёжный сервис отказал, токены ({ $tokens }) остались у клиента.
admin-cases =
    ⚖️ **Платежи на проверке**

    Деньги, которые не сошлись с заказом. Ничего не теряется: решает человек.
admin-cases-many =
    ⚖️ **Платежи на проверке**

    Деньги, которые не сошлись с заказом. Вот { $count } самых старых.
admin-cases-none = ⚖️ Всё сошлось, решать нечего.
admin-case =
    ⚖️ **{ $kind }**

    🧾 Заказ № { $number } на { $expected }
    💰 Пришло: **{ $seen }**, { $provider }
    👤 { $name } · № { $customer }
    🕒 { $when }
admin-case-what = Что делаем?
admin-case-decided = ✅ Решено: { $by }
admin-case-nothing = ничего
admin-case-kind-test-payment = проверочный платёж на боевом магазине
admin-case-kind-other-currency = другая валюта
admin-case-kind-underpaid = пришло меньше
admin-case-kind-overpaid = пришло больше
admin-case-kind-other-payment = чужой платёж
admin-case-kind-order-already-paid = заказ уже оплачен
admin-case-kind-outcome-unknown = неизвестно, прошёл ли платёж
admin-case-give = 🎁 Выдать покупку
admin-case-give-why = 🎁 Почему выдаём покупку по заказу № { $number }?
admin-case-give-confirm =
    🎁 **Выдать покупку по заказу № { $number }?**

    Клиент получит всё, что обещает заказ, а { $seen } станут выручкой.
    Причина: { $reason }
admin-case-give-done = 🎁 Покупка по заказу № { $number } выдана.
admin-case-returned = ↩️ Деньги уже возвращены
admin-case-returned-why = ↩️ Как и почему вернули деньги по заказу № { $number }?
admin-case-returned-confirm =
    ↩️ **Записать, что { $seen } по заказу № { $number } возвращены?**

    Вы вернули их в кабинете платёжного сервиса. Отсюда деньги не уйдут.
    Причина: { $reason }
admin-case-returned-done = ↩️ Записано: деньги по заказу № { $number } возвращены.
admin-case-keep = 🗄 Оставить как есть
admin-case-keep-why = 🗄 Почему оставляем заказ № { $number } как есть?
admin-case-keep-confirm =
    🗄 **Оставить заказ № { $number } как есть?**

    Клиент ничего не получит, { $seen } останутся неразобранными.
    Причина: { $reason }
admin-case-keep-done = 🗄 Заказ № { $number } оставлен как есть, причина сохранена.
admin-case-do = Да, записать решение
admin-stats-1 = Сегодня
admin-stats-7 = 7 дней
admin-stats-30 = 30 дней
admin-stats =
    📊 **{ $period }** · { $dates }

    💰 Выручка **{ $revenue }**{ $change }
    📈 После возвратов ({ $refunds }) и комиссий **{ $kept }**, ИИ обошёлся в { $cost }
    🧾 Заказы { $orders } · новые клиенты { $joined } · из них купили { $first } ({ $conversion })
    🟢 Активные: { $day } за день · { $week } за неделю · { $month } за месяц
    🪙 Токены: выдано { $issued } · потрачено { $used }
    🤖 Запросы к ИИ { $requests } · ошибки { $errors }
admin-chart-1 = Выручка сегодня
admin-chart-7 = Выручка за 7 дней
admin-chart-30 = Выручка за 30 дней
admin-chart-before-1 = вчера { $amount }
admin-chart-before-7 = за 7 дней до этого { $amount }
admin-chart-before-30 = за 30 дней до этого { $amount }
admin-chart-now = эти дни
admin-chart-then = до этого
admin-chart-empty = Продаж за эти дни не было
admin-tile-orders = Заказы
admin-tile-new = Новые клиенты
admin-tile-conversion = Доля купивших
admin-tile-requests = Запросы к ИИ
admin-tile-tokens = Потрачено токенов
admin-tile-errors = Ошибки ИИ
admin-looking = 🩺 Смотрю…
admin-health-ok = 🟢 **Всё отвечает**
admin-health-down = 🔴 **Не всё в порядке**
admin-health-line = { $sign } **{ $name }** { $detail }
admin-health-advice = → { $advice }
admin-part-database = База данных
admin-part-database-version = Версия PostgreSQL
admin-part-schema = Схема базы
admin-part-disk = Диск
admin-part-queue = Очередь заданий
admin-part-bots = Боты
admin-part-telegram = Telegram
admin-part-files = Хранилище файлов
admin-part-redis = Redis
admin-part-yookassa = ЮKassa
admin-part-yookassa-key = Ключ ЮKassa
admin-part-payments = Платежи
admin-part-payments-to-review = Платежи на проверке
admin-part-secrets = Секреты
admin-part-ledger = Сверка
admin-part-clock = Часы сервера
admin-part-webhook = Вебхук
admin-part-virus-scanner = Антивирус
admin-part-mail = Почта
admin-part-ai = Нейросети
admin-part-mode = Режим
admin-part-public-url = Адрес сайта
admin-part-version = Версия
admin-part-data-dir = Папка данных
admin-fact-latency-ms = ответ за { $value } мс
admin-fact-free-percent = свободно { $value } %
admin-fact-oldest-s = старейшее ждёт { $value } с
admin-check-balances-equal-entries = Остатки равны сумме записей
admin-check-balances-equal-grants = Остатки равны начислениям
admin-check-clearing-equals-payments-and-refunds = Счета провайдеров сходятся
admin-check-grants-equal-their-spending = Потраченное равно списаниям
admin-check-grants-held-equals-hold-allocations = Занятое по начислениям сходится
admin-check-held-equals-open-holds = Занятое равно открытым запросам
admin-check-paid-orders-gave-their-tokens = Оплаченные заказы выдали токены
admin-check-paid-orders-have-one-settled-payment = У оплаченного заказа один платёж
admin-check-refunds-equal-the-ledger = Возвраты равны записям
admin-check-settled-payments-are-in-the-ledger = Все принятые платежи есть в книге
admin-check-statement-of-yookassa = Выписка ЮKassa сходится
admin-check-transactions-have-entries = У каждой проводки есть записи
admin-check-transactions-sum-to-zero = Каждая проводка сходится в ноль
admin-ledger-green = 🟢 **Сверка сходится:** { $count ->
        [one] { $count } проверка
        [few] { $count } проверки
       *[other] { $count } проверок
    } без замечаний.
admin-ledger-red = 🔴 **Сверка не сошлась** (проверок: { $count }). Остановите продажи, пока не найдена причина.
admin-errors = 🧯 **Не выполнилось после всех попыток**
admin-errors-none = 🟢 **Все задания выполнены**
admin-errors-ai = 🤖 Ошибки моделей сегодня:
admin-errors-model = • { $model }: { $failed } ({ $share })
admin-errors-more = Показаны последние, остальные в панели.
admin-job =
    🧯 **{ $name }** · { $number }

    🕒 { $when }, попыток: { $attempts }

    { $error }
admin-job-gone = Этого уже нет среди неудавшихся.
admin-update = Сообщение { $number }
admin-update-card =
    ✉️ **Сообщение { $number }** не обработано

    🕒 { $when }, попыток: { $attempts }

    { $error }
channels-update_not_found = Такого сообщения нет.
channels-update_not_failed = Это сообщение уже повторили.
admin-replayed = Повторяем: { $name }
admin-permission-access-roles-edit = менять права ролей
admin-permission-ai-edit = менять модели, маршруты и ключи
admin-permission-ai-view = видеть модели и ключи
admin-permission-ai_access-dialogs-read = читать вопросы и ответы
admin-permission-ai_access-dialogs-view = видеть список диалогов
admin-permission-audit-view = читать журнал действий
admin-permission-billing-payments-view = видеть заказы и платежи
admin-permission-billing-plans-edit = менять тарифы и цены
admin-permission-billing-refund = возвращать деньги
admin-permission-billing-reviews-resolve = разбирать спорные платежи
admin-permission-channels-bots-edit = добавлять и менять ботов
admin-permission-files-edit = удалять файлы
admin-permission-files-view = видеть файлы
admin-permission-i18n-texts-edit = менять тексты ботов
admin-permission-identity-customers-ban = блокировать клиентов
admin-permission-identity-customers-edit = заметки и сеансы клиентов
admin-permission-identity-customers-erase = удалять данные клиентов
admin-permission-identity-customers-view = видеть клиентов
admin-permission-identity-staff-edit = приглашать и менять сотрудников
admin-permission-identity-staff-view = видеть сотрудников
admin-permission-ledger-check = запускать сверку
admin-permission-ledger-tokens-adjust = начислять и списывать токены
admin-permission-operations-replay = повторять задания и события
admin-permission-operations-view = видеть задания и состояние
admin-permission-policies-edit = менять политики и блокировки
admin-permission-policies-view = видеть политики и блокировки
admin-permission-settings-edit = менять настройки
admin-permission-settings-view = видеть настройки
admin-permission-usage-dashboard-view = видеть сводку
admin-permission-usage-reports-export = выгружать списки
