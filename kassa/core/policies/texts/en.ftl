policies-limit_reached =
    ⏳ You have asked all the questions that this period allows. You can ask the next one { $when }.

    A plan raises the limit: /buy
policies-slow_down = 🚦 Too many messages at once. Write again { $when }; until then I will stay silent.
policies-blocked =
    ⛔️ **Access is closed for a while.** The reason: { $reason }

    It opens { $when }. Until then I cannot answer.
policies-blocked_for_ever =
    ⛔️ **Access is closed.** The reason: { $reason }

    If this is a mistake, write to the owner of the bot.
policies-denied = 🚫 This is not available here: { $reason }
policies-too_large = 📎 The file is too large.
policies-words_found = 🚫 Such questions are not answered here: { $reason } No tokens were charged.
policies-reason-by-rule = too many messages, or the same one again and again.
policies-reason-unknown = the owner of the bot decided so.
