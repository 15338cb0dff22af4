ai-models =
    🧠 **Models**

    The price is in tokens for one answer. Press to choose.
ai-model-line = ▫️ **{ $title }** · { $price } tokens
    { $about }
ai-model-chosen = { $title } answers from now on
ai-model_not_found = This model is no longer here. Choose another: /models
ai-new-dialog = 🆕 A new dialog begins. The model no longer sees earlier questions — ask away.
ai-no-dialogs = There are no dialogs yet. Write a question, and the first one appears.
ai-dialogs = 💬 **Your dialogs**
ai-dialog =
    💬 **{ $title }**

    • the model's role: { $prompt }
    • memory: { $memory }

    Your next question continues this dialog.
ai-dialog-no-prompt = none
ai-dialog-ask-title = ✏️ Send the new title of the dialog.
ai-dialog-ask-prompt = 🎭 Describe the role: who answers, and how. For example: “You are an editor, be brief”. A dash (—) removes the role.
ai-dialog-deleted = Dialog deleted
ai-memory-on = the model remembers earlier questions
ai-memory-off = every question by itself
ai-button-models = 🧠 Models
ai-button-dialogs = 💬 Dialogs
ai-button-rename = ✏️ Title
ai-button-prompt = 🎭 Role
ai-button-memory-on = 🧷 Switch memory on
ai-button-memory-off = 🧷 Switch memory off
ai-button-delete = 🗑 Delete
ai-button-stop = ⏹ Stop
ai-button-retry = 🔁 Ask again
ai-button-light = 🍃 Let the light model answer for free
ai-stopping = Stopping…
ai-already-answered = The answer is ready already
ai-stopped = ⏹ Stopped. { $tokens } tokens were charged for the part you got.
ai-stopped-free = ⏹ Stopped.
ai-stopped-before-answer = ⏹ Stopped before the answer began. No tokens were charged.
ai-not-enough =
    🪙 **Not enough tokens**

    An answer of { $title } costs { $price }, and you have { $available }.
ai-not-enough-held =
    🪙 **Not enough free tokens**

    An answer of { $title } costs { $price }, and { $available } are free. Another { $held } are set aside for answers being written now: what they do not need comes back.
ai-not-charged = No tokens were charged.
ai-refused = 🚫 The model refused to answer this question. Try to put it differently.
ai-bad_input = 🤔 The model could not read the question: it may be too long. Make it shorter or start a new dialog: /new
ai-timeout = ⌛ The model did not answer in time.
ai-empty_answer = 🫥 The model sent an empty answer.
ai-busy = 🚦 There are too many questions at the moment. Please wait a minute.
ai-no_route = 🔌 This model is not connected at the moment. Choose another: /models
ai-provider_unavailable = ⚠️ The model is temporarily unavailable.
ai-price_missing_rate = 🔌 This model has no price at the moment. Choose another: /models
ai-price_missing_quantity = 🔌 This model has no price at the moment. Choose another: /models
ai_access-question_too_long = ✂️ The question is too long: up to { $limit } characters are possible.
ai_access-question_empty = Please write your question in words.
ai_access-dialog_not_found = This dialog no longer exists. Open /dialogs
ai_access-request_not_found = This question can no longer be repeated. Please write it again.
ai-media-not-understood = 🎙 Voice and films are not understood yet. Write your question, or send a picture, a PDF or a text file. No tokens were charged.
ai-album =
    📎 **The files are here**

    Press when all of them have come, or write your question about them.
ai-button-ask-files = ✅ Ask about the files
ai-cannot-see =
    🖼 **{ $title } does not see pictures**

    No tokens were charged. These models do. Who shall answer?
ai-nobody-sees =
    🖼 **{ $title } does not see pictures**

    No tokens were charged. Describe the picture in words, or send its text.
ai_access-cannot_read = 📎 Models cannot read the file “{ $name }”. Pictures, PDF, texts, CSV and code can be read. No tokens were charged.
ai_access-too_many_files = 📎 Too many files: this model takes up to { $limit } at once. No tokens were charged.
ai_access-document_too_long = 📄 The document is too long: the model reads up to { $limit } characters. Send a part of it.
files-no_words = 📄 There is no text in the file. If it is a scan, send it as a picture.
command-models = Choose a model
command-new = New dialog
command-dialogs = My dialogs
