/** What the widget itself says; everything else comes from the bot. */
const TEXTS = {
  en: {
    open: "Open the chat", close: "Close the chat", message: "Message", placeholder: "Write a message…", send: "Send",
    stop: "Stop", menu: "Menu", older: "Earlier messages", away: "No connection. What you write is sent when it is back.",
    writing: "is writing…", you: "You", failed: "Not sent. Press to try again", broken: "The chat cannot be loaded. Try again",
    ended: "The conversation has ended. Write to begin a new one.", copy: "Copy", copied: "Copied", log: "Conversation",
  },
  ru: {
    open: "Открыть чат", close: "Закрыть чат", message: "Сообщение", placeholder: "Напишите сообщение…", send: "Отправить",
    stop: "Остановить", menu: "Меню", older: "Предыдущие сообщения", away: "Нет связи. Написанное уйдёт, когда она вернётся.",
    writing: "пишет…", you: "Вы", failed: "Не отправлено. Нажмите, чтобы повторить", broken: "Чат не загрузился. Повторить",
    ended: "Этот разговор завершён. Напишите, чтобы начать новый.", copy: "Копировать", copied: "Скопировано", log: "Переписка",
  },
};

export type Texts = (typeof TEXTS)["en"];

export const textsOf = (locale: string): Texts => (locale.startsWith("ru") ? TEXTS.ru : TEXTS.en);
