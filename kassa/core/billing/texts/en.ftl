billing-buy =
    💳 **What would you like to buy?**

    Tokens pay for answers. See /models for the price of each.
billing-nothing-for-sale = Nothing is for sale here at the moment. Please come back later.
billing-short-subscription = { $tokens } for { $days ->
    [one] { $days } day
   *[other] { $days } days
    }
billing-short-tokens = { $tokens } for ever
billing-short-unlimited = Unlimited for { $days ->
    [one] { $days } day
   *[other] { $days } days
    }
billing-short-api = API: { $requests } a { $period ->
    [day] day
    [week] week
    [month] month
   *[year] year
    }
billing-plan-subscription =
    🗓 **{ $name }**

    You get **{ $tokens } tokens** for { $days ->
        [one] { $days } day
       *[other] { $days } days
    } from the moment you pay. When they are spent, the light model stays free until the end of the term.

    Price: **{ $price }**. It does not renew by itself.
billing-plan-tokens =
    ♾ **{ $name }**

    You get **{ $tokens } tokens** that never expire.

    Price: **{ $price }**
billing-plan-unlimited =
    🚀 **{ $name }**

    Text models without spending tokens for { $days ->
        [one] { $days } day
       *[other] { $days } days
    } from the moment you pay.

    Price: **{ $price }**
billing-plan-api =
    🔌 **{ $name }**

    An API for your own programs: **{ $requests } requests** a { $period ->
        [day] day
        [week] week
        [month] month
       *[year] year
    }, for { $days ->
        [one] { $days } day
       *[other] { $days } days
    } from the payment on.

    Price: **{ $price }**
billing-button-buy = 💳 Buy tokens
billing-button-balance = 👛 Balance
billing-button-pay = Pay { $price }
billing-button-pay-amount = Pay { $amount }
billing-button-back = ‹ Back
billing-button-try-again = Try again
billing-opening = ⏳ Order No. { $number }: opening the payment page…
billing-link =
    🧾 **Order No. { $number }** for { $amount }.

    Press the button below to pay on the YooKassa page. Tokens arrive right after the payment; you need not wait in the chat.
billing-link-closed = 🧾 Order No. { $number } for { $amount }: { $status }.
billing-paid =
    ✅ **Payment of { $amount } received.** Order No. { $number }: { $plan }.

    Your balance is **{ $balance } tokens**. Just write your question.
billing-paid-api =
    ✅ **Payment of { $amount } received.** Order No. { $number }: { $plan }.

    Make an API key in your profile and put it into your program. Requests are counted from this minute on.
billing-failed =
    ✖️ **Order No. { $number } was not paid:** { $reason }

    You were not charged. You can try again.
billing-refunded =
    ↩️ **A refund of { $amount }** for order No. { $number } is on its way. Banks usually need up to three days.

    Your balance is { $balance } tokens.
billing-provider-unavailable = ⏳ Order No. { $number }: the payment service does not answer right now. We keep trying and will send the link as soon as it does. You were not charged.
billing-reason-unknown = the bank declined the payment.
billing-reason-insufficient-funds = there is not enough money on the card.
billing-reason-card-expired = the card has expired.
billing-reason-3d-secure-failed = the 3-D Secure check was not passed.
billing-reason-expired-on-confirmation = the time for paying ran out.
billing-reason-canceled-by-merchant = the payment was cancelled.
billing-reason-general-decline = the bank declined the payment without telling why.
billing-reason-call-issuer = the bank asks you to contact it.
billing-reason-fraud-suspected = the bank found the payment suspicious.
billing-reason-invalid-card-number = the card number is wrong.
billing-reason-invalid-csc = the CVC code is wrong.
billing-reason-issuer-unavailable = the card's bank does not answer.
billing-reason-payment-method-limit-exceeded = the card's limit is exceeded.
billing-reason-payment-method-restricted = operations with this card are forbidden.
billing-reason-country-forbidden = cards of this country are not accepted.
billing-reason-refused-by-provider = the payment service did not accept the order. Please write to us: /paysupport
billing-balance = 👛 **You have { $tokens } tokens**
billing-balance-held = 🔒 Another { $tokens } are set aside for answers being written now.
billing-grant-until = • { $tokens } until { $date }
billing-grant-for-ever = • { $tokens } that never expire
billing-entitlement-unlimited = 🚀 Unlimited text until { $date }
billing-entitlement-light-model = 🍃 The light model is free until { $date }
billing-no-orders = There are no orders yet.
billing-orders = 🧾 **Your last orders**
billing-order-line = { $sign } No. { $number }: { $plan }, { $amount }, { $status }
billing-order-pending = waiting for payment
billing-order-paid = paid
billing-order-failed = not paid
billing-order-refunded = refunded
billing-order-partially-refunded = partly refunded
billing-paysupport =
    🛟 **A question about a payment**

    If you were charged and the tokens did not come, please wait two minutes: we check with the payment service ourselves. If that did not help, write to the owner of the bot and give:

    • your number: { $customer }
    • the number of your last order: { $number }

    Money for unused tokens goes back the way it came.
billing-plan_not_found = This plan is no longer for sale. See /buy.
billing-price_unavailable = This plan cannot be paid this way.
billing-provider_not_configured = Payments are not set up yet. The owner can see it already.
command-buy = Buy tokens
command-balance = How many tokens are left
command-status = My orders
command-paysupport = Help with payments
billing-level-discount = Your level's discount of { $percent }% is already in the price.
billing-level-bonus = Your level's bonus: { $tokens } tokens on top.
billing-level = 🏅 Your level: { $name }
