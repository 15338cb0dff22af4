channels-start =
    👋 **Hello, { $name }!**

    This is { $bot }. Write a question as an ordinary message, and a neural network will answer it.

    • choose a model and see what an answer costs: /models
    • buy tokens: /buy
    • see what is left: /balance
channels-web-greeting = 👋 **Hello!** Write a question, and a neural network will answer it.
channels-description = I answer questions with neural networks: ChatGPT, Claude, Gemini, DeepSeek and others. You pay only for answers you get.
channels-about = Neural networks in one bot: answers for tokens, no subscription to each.
channels-help =
    ℹ️ **How it works**

    1. Buy tokens: /buy
    2. Choose a model: /models. Each has its own price for an answer.
    3. Write a question. The answer appears as it is written, and a button stops it.

    Tokens are charged only for an answer you got. Never for an error, a refusal or an empty answer.

    /new starts a new dialog, /settings changes settings, /paysupport helps with payments.
channels-menu = 📋 **Menu**
channels-language = 🌐 Choose a language:
channels-language-set = ✅ From now on I answer in English.
channels-profile =
    👤 **{ $name }**

    • customer number: { $number }
    • with us since { $since }
    • language: { $language }
channels-settings = ⚙️ **Settings**
channels-app = App
channels-app-offer = Everything else is in the app: your balance, plans, the chat and settings.
channels-button-app = 📱 Open the app
channels-button-language = 🌐 Language
channels-button-profile = 👤 Profile
channels-button-settings = ⚙️ Settings
channels-button-help = ℹ️ Help
channels-button-outdated = This button is out of date. Please open /menu.
channels-unknown-command = There is no such command. This is what I can do:
channels-something-went-wrong = That did not work. Please try again or open /menu.
command-start = Start again
command-help = How it works
command-menu = Menu
command-language = Language
command-profile = Profile
command-settings = Settings
channels-file_not_fetched = 📎 Telegram did not give the file. Nothing was charged: please send it again.
files-too_large = 📎 This file is too large. Pictures up to 10 MB and documents up to 20 MB are possible. Nothing was charged.
files-empty = 📎 This file is empty. Nothing was charged.
files-kind_refused = 📎 Files of this kind are not taken. Pictures, PDF, texts and code are. Nothing was charged.
files-kind_disagrees = 📎 This file is not what its name says. Nothing was charged.
files-picture_refused = 🖼 This picture is broken or too large. Nothing was charged.
files-archive_refused = 📎 This archive is not taken. Nothing was charged.
files-infected = 🦠 This file is infected and was not taken. Nothing was charged.
files-not_found = 📎 This file is gone. Please send it again.
files-not_ready = 📎 This file is still being checked. Please ask in a minute.
