command-admin = The panel for staff
command-stats = Statistics
command-role = My role and permissions
command-ban = Ban a customer
command-refund = Give money back
admin-linked =
    🔗 **Done.** This Telegram is linked to the account { $email }, role: { $role }.

    Commands for staff: /admin, /stats, /role, /ban, /refund. The bot does not tell other people of them.
identity-proof_invalid = 🔗 This link was used or has expired. Take a new one from your profile in the panel.
identity-telegram_set = 🔗 Your account has a Telegram already. Unlink it in your profile in the panel first.
identity-telegram_taken = 🔗 This Telegram is linked to another member of staff.
access-permission_denied = 🚫 Your role does not allow this.
admin-no-access = 🚫 You have no access to the panel any more.
admin_bot-button_outdated = This button is out of date. Open /admin.
admin-menu =
    🧭 **{ $organization }**

    { $name }, { $role }
admin-role =
    🪪 **{ $role }**
    { $email }

    You may:
admin-role-nothing = Nothing yet: ask the owner to give your role permissions.
admin-role-owner = owner
admin-role-super-admin = super admin
admin-role-admin = admin
admin-role-moderator = moderator
admin-role-support-agent = support agent
admin-role-finance-admin = finance admin
admin-role-analyst = analyst
admin-unlink =
    🔗 **Unlink this Telegram from your account?**

    The commands for staff and the alerts will be gone from here. You can link it again in your profile in the panel.
admin-unlink-do = Yes, unlink
admin-unlink-done = 🔗 Unlinked. You are a customer here like any other now.
admin-alerts =
    🔔 **What should you be told at once?**

    Press to switch on or off. Each event is told once.
admin-alerts-none = 🔕 There are no alerts for your role.
admin-alerts-ledger = A ledger check is red
admin-alerts-health = Something does not answer
admin-alerts-review = A payment waits for a decision
admin-alerts-job = A job has failed
admin-alert-down =
    🔴 **Does not answer: { $name }**

    { $detail }
admin-alert-up = 🟢 **{ $name } answers again**
admin-alert-red =
    🔴 **Ledger check is red:** “{ $name }”

    Stop selling until the cause is found. What to do is in the docs, under “Runbook”.
admin-alert-green = 🟢 **Ledger check is green again:** “{ $name }”
admin-alert-review =
    ⚖️ **A payment waits for a decision.** Order № { $number }: { $about }.

    The money is not lost, and nobody gets it until you decide.
admin-alert-failed =
    🧯 **{ $count ->
        [one] { $count } job has failed
       *[other] { $count } jobs have failed
    }** after all attempts.

    { $first }
admin-button-look = Look
admin-button-menu = 🧭 Menu
admin-button-search = 🔎 Find a customer
admin-button-orders = 🧾 Orders
admin-button-order = 🧾 Order № { $number }
admin-button-find-order = 🔎 By number
admin-button-further = Further ›
admin-button-stats = 📊 Statistics
admin-button-cases = ⚖️ To review
admin-button-health = 🩺 Health
admin-button-errors = 🧯 Errors
admin-button-alerts = 🔔 Alerts
admin-button-role = 🪪 My role
admin-button-unlink = 🔗 Unlink Telegram
admin-button-customer = 👤 Customer
admin-button-give-tokens = ➕ Give tokens
admin-button-take-tokens = ➖ Take tokens
admin-button-ban = ⛔️ Ban
admin-button-unban = ✅ Unban
admin-button-sign-out = 🚪 Sign out everywhere
admin-button-refund = ↩️ Give money back
admin-button-refund-all = All: { $amount }
admin-button-refund-part = A part
admin-button-again = 🔄 Once more
admin-button-examine = 🔬 Examine all
admin-button-ledger = ⚖️ Ledger checks
admin-button-replay = 🔄 Try again
admin-button-cancel = Cancel
admin-cancelled = Cancelled, nothing has changed.
admin-press-or-cancel = Press the button under the question above, or cancel.
admin-not-again = This was done or cancelled already.
admin_bot-reason_missing = Write the reason in words: it stays in the log.
admin_bot-reason_long = Shorter, please: at most { $limit } characters.
admin_bot-tokens_invalid = Write a whole number, such as 10000. With a term: 10000 for 30 days.
admin-search = 🔎 Whom to find? Write a customer's number, Telegram ID, @username, e-mail or a part of the name.
admin-search-nothing =
    🔎 Nobody fits “{ $words }”.

    Try something else: a number, Telegram ID, @username, e-mail or a part of the name.
admin-search-found = 🔎 Found by “{ $words }”:
admin-search-found-many = 🔎 Many fit “{ $words }”; here are the newest { $count }. Write more when the right one is not there.
admin-customer = 👤 **{ $name }** · № { $number }
admin-customer-contacts = { $contacts }
admin-customer-erased = 🗑 This customer's data was erased.
admin-customer-banned = ⛔️ **Banned** { $until }: { $reason }
admin-customer-note = 📝 { $note }
admin-for-ever = for ever
admin-until = until { $date }
admin-customer-balance = 👛 **{ $tokens } tokens**
admin-customer-held = 🔒 { $tokens } more are set aside for answers
admin-customer-grant = • { $tokens } { $until }
admin-customer-grants-more = • and { $count ->
        [one] { $count } more grant
       *[other] { $count } more grants
    }
admin-customer-spent = 💳 Spent: **{ $amount }**
admin-customer-facts =
    🕒 Last active: { $seen }
    🏅 Level: { $level }
    🌐 Language: { $language }
    🤖 Bots: { $bots }
    📅 With us since { $since }
admin-customer-panel = 🔗 In the panel: [card]({ $card }), [dialogs]({ $dialogs })
admin-ban-whom = ⛔️ Whom to ban? Write a customer's number, Telegram ID, @username, e-mail or a part of the name.
admin-ban = ⛔️ Why is **{ $name }** (№ { $number }) banned? The customer will see the reason.
admin-ban-confirm =
    ⛔️ **Ban { $name }, № { $number }?**

    Reason: { $reason }

    Bot and site stop answering at once. The tokens stay. For how long?
admin-ban-do = { $days ->
        [0] ⛔️ For ever
        [one] ⛔️ For { $days } day
       *[other] ⛔️ For { $days } days
    }
admin-ban-done = ⛔️ **{ $name }** (№ { $number }) gets no more service, { $until }. Reason: { $reason }
admin-unban = ✅ Why is the ban of **{ $name }** (№ { $number }) lifted?
admin-unban-confirm =
    ✅ **Unban { $name }, № { $number }?**

    Reason: { $reason }
admin-unban-do = ✅ Yes, unban
admin-unban-done = ✅ **{ $name }** (№ { $number }) is served again. Reason: { $reason }
admin-signout = 🚪 Why is **{ $name }** (№ { $number }) signed out everywhere?
admin-signout-confirm =
    🚪 **Sign { $name }, № { $number }, out everywhere?**

    Reason: { $reason }

    They will have to sign in again, and their API keys stop working.
admin-signout-do = 🚪 Yes, sign out
admin-signout-done = 🚪 **{ $name }** (№ { $number }) is signed out everywhere. Reason: { $reason }
admin-give =
    ➕ How many tokens does **{ $name }** (№ { $number }) get? Now: { $tokens }.

    Write a number, such as 10000. To let them lapse: 10000 for 30 days.
admin-give-why = ➕ Why are { $tokens } given? The reason stays in the log.
admin-give-confirm =
    ➕ **Give { $tokens } tokens to { $name }, № { $number }?**

    Term: { $days ->
        [0] for ever
        [one] { $days } day
       *[other] { $days } days
    }
    Reason: { $reason }
admin-give-do = ➕ Yes, give
admin-give-done = ➕ Done: **{ $name }** (№ { $number }) has **{ $tokens } tokens** now. Reason: { $reason }
admin-take =
    ➖ How many tokens are taken from **{ $name }** (№ { $number })? Now: { $tokens }.

    Write a number, such as 10000.
admin-take-why = ➖ Why are { $tokens } taken? The reason stays in the log.
admin-take-confirm =
    ➖ **Take { $tokens } tokens from { $name }, № { $number }?**

    Reason: { $reason }
admin-take-do = ➖ Yes, take
admin-take-done = ➖ Done: **{ $name }** (№ { $number }) has **{ $tokens } tokens** left. Reason: { $reason }
ledger-insufficient_funds = 👛 There are not so many: { $available } are free. Write less.
ledger-units_invalid = Write a whole number of tokens above zero.
policies-already_blocked = ⛔️ This customer is banned already.
identity-customer_not_found = 🔎 There is no such customer.
admin-sales =
    🧾 **Orders**

    Choose an order, or show only a part.
admin-sales-none = 🧾 There are no such orders.
admin-sales-of = 🧾 **Orders of { $name }** (№ { $number })
admin-sales-of-none = 🧾 { $name } (№ { $number }) has no orders.
admin-sales-all = All
admin-sales-paid = Paid
admin-sales-pending = Waiting
admin-sales-failed = Failed
admin-sales-refunded = Refunds
admin-sales-review = To review
admin-sale-line = { $sign } № { $number } · { $amount } · { $when }
admin-sale-which = 🔎 Write an order's number.
admin-sale = { $sign } **Order № { $number }**: { $status }
admin-sale-facts =
    💳 **{ $amount }**, { $provider }
    📦 { $plan }
    👤 { $name } · № { $customer }
    🕒 Placed: { $placed }
    ✅ Paid: { $paid }
admin-provider-yookassa = YooKassa
admin-provider-stars = Telegram Stars
admin-provider-paddle = Paddle
admin-provider-ton = TON
admin-sale-test = 🧪 A test payment: no money came.
admin-sale-pending = waits for payment
admin-sale-paid = paid
admin-sale-failed = not paid
admin-sale-refunded = money given back
admin-sale-partially-refunded = a part given back
admin-sale-review = in review
admin-sale-refund-pending = ⏳ A refund of { $amount } is on its way, tokens taken: { $tokens }. Reason: { $reason }
admin-sale-refund-succeeded = ↩️ { $amount } given back, tokens taken: { $tokens }. Reason: { $reason }
admin-sale-refund-failed = ✖️ A refund of { $amount } failed, the customer has the tokens ({ $tokens }). Reason: { $reason }
billing-order_not_found = 🧾 There is no such order. Write another number.
billing-payment_not_found = 🧾 There is no such payment.
billing-not_refundable = ↩️ There is nothing to give back for this order.
billing-refund_amount_invalid = ↩️ That cannot be given back. Write an amount up to what is left, such as 49.
billing-review_not_found = ⚖️ There is no such case.
billing-review_resolved = ⚖️ This case is decided already.
billing-review_no_money = ⚖️ No money came, so there is nothing to give or return. It can be left as it is.
admin_bot-amount_invalid = Write the amount in figures, such as 49 or 49.50.
admin-refund-which = ↩️ For which order? Write its number.
admin-refund =
    ↩️ **Refund for order № { $number }** ({ $name })

    Up to { $left } can be given back. How much?
admin-refund-part = ↩️ How much? Write an amount up to { $left }.
admin-refund-why = ↩️ Why is { $amount } given back for order № { $number }? The reason stays in the log.
admin-refund-confirm =
    ↩️ **Give { $amount } back for order № { $number }?**

    Customer: { $name }
    Tokens that will be taken: **{ $tokens }**
    Reason: { $reason }

    A refund cannot be undone.
admin-refund-do = ↩️ Yes, give { $amount } back
admin-refund-sent = ⏳ The refund of { $amount } for order № { $number } is on its way. You will be told when the provider has answered.
admin-refund-done = ✅ **Money given back:** { $amount } for order № { $number }. Tokens taken: { $tokens }.
admin-refund-failed = ✖️ **The refund failed:** { $amount } for order № { $number }. The provider refused, and the customer keeps the tokens ({ $tokens }).
admin-cases =
    ⚖️ **Payments to review**

    Money that does not fit its order. Nothing is lost: a person decides.
admin-cases-many =
    ⚖️ **Payments to review**

    Money that does not fit its order. Here are the oldest { $count }.
admin-cases-none = ⚖️ Everything fits, there is nothing to decide.
admin-case =
    ⚖️ **{ $kind }**

    🧾 Order № { $number } for { $expected }
    💰 What came: **{ $seen }**, { $provider }
    👤 { $name } · № { $customer }
    🕒 { $when }
admin-case-what = What shall be done?
admin-case-decided = ✅ Decided by { $by }
admin-case-nothing = nothing
admin-case-kind-test-payment = a test payment in a live shop
admin-case-kind-other-currency = another currency
admin-case-kind-underpaid = less came
admin-case-kind-overpaid = more came
admin-case-kind-other-payment = somebody else's payment
admin-case-kind-order-already-paid = the order was paid already
admin-case-kind-outcome-unknown = nobody knows whether it was paid
admin-case-give = 🎁 Give what was bought
admin-case-give-why = 🎁 Why is order № { $number } given?
admin-case-give-confirm =
    🎁 **Give what order № { $number } promises?**

    The customer gets everything, and { $seen } becomes revenue.
    Reason: { $reason }
admin-case-give-done = 🎁 What order № { $number } promises was given.
admin-case-returned = ↩️ The money was returned
admin-case-returned-why = ↩️ How and why was the money of order № { $number } returned?
admin-case-returned-confirm =
    ↩️ **Note that { $seen } of order № { $number } was returned?**

    You returned it in the provider's cabinet. No money leaves from here.
    Reason: { $reason }
admin-case-returned-done = ↩️ Noted: the money of order № { $number } was returned.
admin-case-keep = 🗄 Leave as it is
admin-case-keep-why = 🗄 Why is order № { $number } left as it is?
admin-case-keep-confirm =
    🗄 **Leave order № { $number } as it is?**

    The customer gets nothing, and { $seen } stays unassigned.
    Reason: { $reason }
admin-case-keep-done = 🗄 Order № { $number } is left as it is, and the reason is kept.
admin-case-do = Yes, decide so
admin-stats-1 = Today
admin-stats-7 = 7 days
admin-stats-30 = 30 days
admin-stats =
    📊 **{ $period }** · { $dates }

    💰 Revenue **{ $revenue }**{ $change }
    📈 After refunds ({ $refunds }) and fees **{ $kept }**; AI cost { $cost }
    🧾 Orders { $orders } · new customers { $joined } · of them bought { $first } ({ $conversion })
    🟢 Active: { $day } in a day · { $week } in a week · { $month } in a month
    🪙 Tokens: given { $issued } · used { $used }
    🤖 AI requests { $requests } · errors { $errors }
admin-chart-1 = Revenue today
admin-chart-7 = Revenue in 7 days
admin-chart-30 = Revenue in 30 days
admin-chart-before-1 = yesterday { $amount }
admin-chart-before-7 = in the 7 days before { $amount }
admin-chart-before-30 = in the 30 days before { $amount }
admin-chart-now = these days
admin-chart-then = before
admin-chart-empty = Nothing was sold in these days
admin-tile-orders = Orders
admin-tile-new = New customers
admin-tile-conversion = Conversion
admin-tile-requests = AI requests
admin-tile-tokens = Tokens used
admin-tile-errors = AI errors
admin-looking = 🩺 Looking…
admin-health-ok = 🟢 **Everything answers**
admin-health-down = 🔴 **Not everything is well**
admin-health-line = { $sign } **{ $name }** { $detail }
admin-health-advice = → { $advice }
admin-part-database = Database
admin-part-database-version = PostgreSQL version
admin-part-schema = Schema
admin-part-disk = Disk
admin-part-queue = Job queue
admin-part-bots = Bots
admin-part-telegram = Telegram
admin-part-files = File storage
admin-part-redis = Redis
admin-part-yookassa = YooKassa
admin-part-yookassa-key = YooKassa key
admin-part-payments = Payments
admin-part-payments-to-review = Payments to review
admin-part-secrets = Secrets
admin-part-ledger = Ledger
admin-part-clock = Server clock
admin-part-webhook = Webhook
admin-part-virus-scanner = Virus scanner
admin-part-mail = Mail
admin-part-ai = Neural networks
admin-part-mode = Mode
admin-part-public-url = Public address
admin-part-version = Version
admin-part-data-dir = Data folder
admin-fact-latency-ms = answers in { $value } ms
admin-fact-free-percent = { $value } % free
admin-fact-oldest-s = the oldest has waited { $value } s
admin-check-balances-equal-entries = Balances equal their entries
admin-check-balances-equal-grants = Balances equal their grants
admin-check-clearing-equals-payments-and-refunds = Clearing accounts equal payments and refunds
admin-check-grants-equal-their-spending = What was spent of grants equals the charges
admin-check-grants-held-equals-hold-allocations = Held parts of grants equal the holds
admin-check-held-equals-open-holds = Held amounts equal open holds
admin-check-paid-orders-gave-their-tokens = Paid orders gave their tokens
admin-check-paid-orders-have-one-settled-payment = Paid orders have one settled payment
admin-check-refunds-equal-the-ledger = Refunds equal the ledger
admin-check-settled-payments-are-in-the-ledger = Settled payments are in the ledger
admin-check-statement-of-yookassa = YooKassa's statement agrees
admin-check-transactions-have-entries = Every transaction has entries
admin-check-transactions-sum-to-zero = Every transaction sums to zero
admin-ledger-green = 🟢 **The ledger is whole:** { $count ->
        [one] { $count } check
       *[other] { $count } checks
    }, all green.
admin-ledger-red = 🔴 **The ledger is not whole** (of { $count } checks). Stop selling until the cause is found.
admin-errors = 🧯 **Failed after all attempts**
admin-errors-none = 🟢 **Every job is done**
admin-errors-ai = 🤖 Errors of models today:
admin-errors-model = • { $model }: { $failed } ({ $share })
admin-errors-more = These are the last ones; the others are in the panel.
admin-job =
    🧯 **{ $name }** · { $number }

    🕒 { $when }, attempts: { $attempts }

    { $error }
admin-job-gone = It is not among the failed ones any more.
admin-update = Message { $number }
admin-update-card =
    ✉️ **Message { $number }** was not handled

    🕒 { $when }, attempts: { $attempts }

    { $error }
channels-update_not_found = There is no such message.
channels-update_not_failed = This message was tried again already.
admin-replayed = Trying again: { $name }
admin-permission-access-roles-edit = change the rights of roles
admin-permission-ai-edit = change models, routes and keys
admin-permission-ai-view = see models and keys
admin-permission-ai_access-dialogs-read = read questions and answers
admin-permission-ai_access-dialogs-view = see the list of dialogs
admin-permission-audit-view = read the audit log
admin-permission-billing-payments-view = see orders and payments
admin-permission-billing-plans-edit = change plans and prices
admin-permission-billing-refund = give refunds
admin-permission-billing-reviews-resolve = resolve reviews
admin-permission-channels-bots-edit = add and change bots
admin-permission-files-edit = remove files
admin-permission-files-view = see files
admin-permission-i18n-texts-edit = change bot texts
admin-permission-identity-customers-ban = ban customers
admin-permission-identity-customers-edit = customers' notes and sessions
admin-permission-identity-customers-erase = erase customers' data
admin-permission-identity-customers-view = see customers
admin-permission-identity-staff-edit = invite and change staff
admin-permission-identity-staff-view = see staff
admin-permission-ledger-check = run ledger checks
admin-permission-ledger-tokens-adjust = add and take tokens
admin-permission-operations-replay = replay jobs and events
admin-permission-operations-view = see jobs and health
admin-permission-policies-edit = change policies and blocks
admin-permission-policies-view = see policies and blocks
admin-permission-settings-edit = change settings
admin-permission-settings-view = see settings
admin-permission-usage-dashboard-view = see the dashboard
admin-permission-usage-reports-export = export lists
