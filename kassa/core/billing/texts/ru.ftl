billing-buy =
    💳 **Что купить?**

    Токены тратятся на ответы нейросетей. Цена каждого ответа указана в /models.
billing-nothing-for-sale = Сейчас здесь ничего не продаётся. Загляните позже.
billing-short-subscription = { $tokens } на { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
    }
billing-short-tokens = { $tokens } навсегда
billing-short-unlimited = Безлимит на { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
    }
billing-short-api = API: { $requests } { $period ->
    [day] в день
    [week] в неделю
    [month] в месяц
   *[year] в год
    }
billing-plan-subscription =
    🗓 **{ $name }**

    Вы получите **{ $tokens } токенов** на { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[other] { $days } дней
    } с момента оплаты. Когда они закончатся, лёгкая модель останется бесплатной до конца срока.

    Цена: **{ $price }**. Продление не включается само.
billing-plan-tokens =
    ♾ **{ $name }**

    Вы получите **{ $tokens } токенов** без срока действия.

    Цена: **{ $price }**
billing-plan-unlimited =
    🚀 **{ $name }**

    Текстовые модели без расхода токенов: { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[other] { $days } дней
    } с момента оплаты.

    Цена: **{ $price }**
billing-plan-api =
    🔌 **{ $name }**

    API для ваших программ: **{ $requests } запросов** { $period ->
        [day] в день
        [week] в неделю
        [month] в месяц
       *[year] в год
    }, доступ на { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[other] { $days } дней
    } с момента оплаты.

    Цена: **{ $price }**
billing-button-buy = 💳 Купить токены
billing-button-balance = 👛 Баланс
billing-button-pay = Оплатить { $price }
billing-button-pay-amount = Оплатить { $amount }
billing-button-back = ‹ Назад
billing-button-try-again = Попробовать ещё раз
billing-opening = ⏳ Заказ № { $number }: открываем страницу оплаты…
billing-link =
    🧾 **Заказ № { $number }** на { $amount }.

    Нажмите кнопку ниже, чтобы оплатить на странице ЮKassa. Токены придут сразу после оплаты, ждать в чате не нужно.
billing-link-closed = 🧾 Заказ № { $number } на { $amount }: { $status }.
billing-paid =
    ✅ **Оплата { $amount } получена.** Заказ № { $number }: { $plan }.

    На балансе **{ $balance } токенов**. Просто напишите вопрос.
billing-paid-api =
    ✅ **Оплата { $amount } получена.** Заказ № { $number }: { $plan }.

    Создайте ключ API в профиле и вставьте его в свою программу. Запросы считаются с этой минуты.
billing-failed =
    ✖️ **Заказ № { $number } не оплачен:** { $reason }

    Деньги не списаны. Можно попробовать ещё раз.
billing-refunded =
    ↩️ **Возврат { $amount }** по заказу № { $number } отправлен. Срок зачисления зависит от банка, обычно до трёх дней.

    На балансе { $balance } токенов.
billing-provider-unavailable = ⏳ Заказ № { $number }: платёжный сервис сейчас не отвечает. Мы пробуем снова и пришлём ссылку, как только он ответит. Деньги не списаны.
billing-reason-unknown = банк отклонил платёж.
billing-reason-insufficient-funds = на карте недостаточно денег.
billing-reason-card-expired = срок действия карты истёк.
billing-reason-3d-secure-failed = не пройдено подтверждение 3-D Secure.
billing-reason-expired-on-confirmation = время на оплату вышло.
billing-reason-canceled-by-merchant = платёж отменён.
billing-reason-general-decline = банк отклонил платёж, не объяснив причину.
billing-reason-call-issuer = банк просит вас связаться с ним.
billing-reason-fraud-suspected = банк посчитал платёж подозрительным.
billing-reason-invalid-card-number = неверный номер карты.
billing-reason-invalid-csc = неверный код CVC.
billing-reason-issuer-unavailable = банк, выпустивший карту, не отвечает.
billing-reason-payment-method-limit-exceeded = превышен лимит по карте.
billing-reason-payment-method-restricted = операции по карте запрещены.
billing-reason-country-forbidden = карты этой страны не принимаются.
billing-reason-refused-by-provider = платёжный сервис не принял заказ. Напишите нам: /paysupport
billing-balance = 👛 **На балансе { $tokens } токенов**
billing-balance-held = 🔒 Ещё { $tokens } отложены под ответы, которые сейчас готовятся.
billing-grant-until = • { $tokens } до { $date }
billing-grant-for-ever = • { $tokens } без срока
billing-entitlement-unlimited = 🚀 Безлимит на текст до { $date }
billing-entitlement-light-model = 🍃 Лёгкая модель без токенов до { $date }
billing-no-orders = Заказов пока нет.
billing-orders = 🧾 **Ваши последние заказы**
billing-order-line = { $sign } № { $number }: { $plan }, { $amount }, { $status }
billing-order-pending = ждёт оплаты
billing-order-paid = оплачен
billing-order-failed = не оплачен
billing-order-refunded = деньги возвращены
billing-order-partially-refunded = деньги возвращены частично
billing-paysupport =
    🛟 **Вопрос по оплате**

    Если деньги списались, а токены не пришли, подождите две минуты: мы сами сверяемся с платёжным сервисом. Если не помогло, напишите владельцу бота и укажите:

    • ваш номер: { $customer }
    • номер последнего заказа: { $number }

    Деньги за неиспользованные токены возвращаются через тот же способ оплаты.
billing-plan_not_found = Этот тариф больше не продаётся. Посмотрите /buy.
billing-price_unavailable = Этот тариф нельзя оплатить таким способом.
billing-provider_not_configured = Оплата пока не настроена. Владелец бота уже видит это.
command-buy = Купить токены
command-balance = Сколько токенов осталось
command-status = Мои заказы
command-paysupport = Помощь с оплатой
billing-level-discount = Скидка вашего уровня, { $percent } %, уже учтена в цене.
billing-level-bonus = Бонус вашего уровня: ещё { $tokens } токенов.
billing-level = 🏅 Ваш уровень: { $name }
