// Buttons under a message: press, wait for the bot's answer, show it.

import { useEffect, useState } from "react";

import { api } from "../api";
import { Icon } from "../parts";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import type { InlineButton } from "../types";

const WAIT_MS = 15_000;

export function InlineKeyboard({ rows, messageId }: { rows: InlineButton[][]; messageId: number }) {
  return (
    <div className="mt-1 space-y-1">
      {rows.map((row, index) => (
        <div key={index} className="grid gap-1" style={{ gridTemplateColumns: `repeat(${row.length}, minmax(0, 1fr))` }}>
          {row.map((button, column) => <KeyButton key={column} button={button} messageId={messageId} look="key" />)}
        </div>
      ))}
    </div>
  );
}

const STYLES: Record<string, string> = {
  danger: "bg-[#d6344a] text-white dark:bg-[#b92c40] dark:text-white",
  success: "bg-[#1d8a4e] text-white dark:bg-[#1d7a48] dark:text-white",
  primary: "bg-[#2476e6] text-white dark:bg-[#2f6fc4] dark:text-white",
};

export function KeyButton({ button, messageId, look }: { button: InlineButton; messageId: number; look: "key" | "block" | "inline" }) {
  const { t } = usePreferences();
  const { chatKey, personId, answers, say, attempt, follow, openApp } = useSandbox();
  const [query, setQuery] = useState("");
  const answer = query ? answers[query] : undefined;

  useEffect(() => {
    if (!query) return;
    if (answer) {
      setQuery("");
      if (answer.text) answer.show_alert ? alert(answer.text) : say(answer.text);
      if (answer.url) follow(answer.url);
      return;
    }
    const timer = setTimeout(() => { setQuery(""); say(t("noAnswer")); }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [query, answer, say, follow, t]);

  const press = () => {
    if (!chatKey || !personId || button.disabled) return;
    if (button.callback_data !== undefined && !query) {
      void attempt(async () => setQuery((await api.press(chatKey, personId, messageId, button.callback_data!)).query));
    } else if (button.web_app) {
      openApp({ chat: chatKey, message_id: messageId, address: button.web_app.url });
    } else if (button.url ?? button.login_url) {
      follow(button.url ?? button.login_url!.url);
    } else if (button.copy_text) {
      void navigator.clipboard?.writeText(button.copy_text.text).then(() => say(t("copied")));
    } else if (button.pay) {
      void attempt(() => api.pay(chatKey, personId, { message_id: messageId }));
    }
  };

  const corner = button.url ? "outside" : button.web_app ? "play" : button.copy_text ? "copy" : null;
  const color = STYLES[button.style ?? ""] ?? "bg-(--key) text-(--key-ink)";
  const shape = look === "key" ? "min-h-10 w-full rounded-xl px-3 text-[14.5px] font-medium shadow-[0_1px_1.5px_#10182818] backdrop-blur dark:shadow-none"
    : look === "block" ? "min-h-9 rounded-xl border border-ink/10 px-3.5 text-[14px] font-medium" : "rounded-lg border border-ink/10 px-2 text-[0.93em] font-medium";
  return (
    <button type="button" onClick={press} disabled={Boolean(button.disabled)}
      className={`relative inline-flex items-center justify-center gap-1.5 transition-[filter,transform] hover:brightness-95 active:scale-[0.985] disabled:opacity-50 dark:hover:brightness-115 ${shape} ${color}`}>
      <span className="min-w-0 truncate py-1">{button.text}</span>
      {query && <span className="spinner absolute right-2.5" role="status" />}
      {corner && !query && look === "key" && <Icon name={corner} size={11} className="absolute top-1.5 right-1.5 opacity-60" />}
    </button>
  );
}
