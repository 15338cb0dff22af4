// The input field with commands, the reply keyboard and attachments.

import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from "react";

import { api } from "../api";
import { Icon, IconButton } from "../parts";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import type { Open } from "../state";
import type { Bot, Command, Message, ReplyMarkup } from "../types";
import { flatten } from "../side/Sidebar";

export function Composer({ bot, open, replyTo, onCancelReply, onSay }: {
  bot: Bot | null; open: Open; replyTo: Message | null; onCancelReply: () => void; onSay: (text: string, replyId?: number) => void;
}) {
  const { t, language } = usePreferences();
  const { personId, chatKey, attempt, openApp } = useSandbox();
  const [text, setText] = useState("");
  const [showsCommands, setShowsCommands] = useState(false);
  const [showsKeyboard, setShowsKeyboard] = useState(true);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const commands = bot ? commandsFor(bot, open.chat.type, language) : [];
  const typed = /^\/\w*$/.test(text) ? text.slice(1).toLowerCase() : null;
  const offered = showsCommands ? commands : typed !== null ? commands.filter((item) => item.command.startsWith(typed)) : [];
  const keyboard = open.keyboard?.keyboard ? open.keyboard : null;
  const menuButton = bot?.menu_buttons[String(personId)] ?? bot?.menu_buttons[""];
  const menuApp = menuButton?.type === "web_app" && open.chat.type === "private" ? menuButton : null;

  useEffect(() => {
    const node = field.current;
    if (!node) return;
    node.style.height = "auto";
    node.style.height = `${Math.min(node.scrollHeight, 140)}px`;
  }, [text]);
  useEffect(() => { if (replyTo) field.current?.focus(); }, [replyTo]);
  useEffect(() => setShowsKeyboard(true), [keyboard?.message_id]);

  const send = (words = text) => {
    const trimmed = words.trim();
    if (!trimmed) return;
    const forced = open.keyboard?.force_reply ? (open.keyboard.message_id ?? 0) : 0;
    onSay(trimmed, replyTo?.message_id ?? forced);
    setText("");
    setShowsCommands(false);
    onCancelReply();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
    if (event.key === "Escape") { setShowsCommands(false); onCancelReply(); }
  };
  const attach = (file: File | undefined) => {
    if (file && chatKey && personId) void attempt(() => api.attach(chatKey, personId, file, text.trim()).then(() => setText("")));
    if (picker.current) picker.current.value = "";
  };

  return (
    <div className="relative bg-(--header) pb-[env(safe-area-inset-bottom)] backdrop-blur">
      {offered.length > 0 && <Commands commands={offered} onPick={(command) => send(`/${command}`)} />}
      {replyTo && (
        <div className="flex items-center gap-2 border-b border-line px-3 py-1.5">
          <Icon name="reply" className="text-accent" />
          <div className="min-w-0 flex-1 border-l-2 border-accent pl-2 text-[13.5px] leading-snug">
            <div className="font-semibold text-accent">{replyTo.from?.first_name}</div>
            <div className="truncate text-ink-soft">{replyTo.text ?? replyTo.caption ?? flatten(replyTo.rich_message?.blocks)}</div>
          </div>
          <IconButton icon="close" label={t("cancel")} onClick={onCancelReply} />
        </div>
      )}
      <form onSubmit={(event: FormEvent) => { event.preventDefault(); send(); }} className="flex items-end gap-1 px-1.5 py-1.5">
        {menuApp ? (
          <button type="button" onClick={() => openApp({ bot: bot!.id })}
            className="mb-0.5 flex h-9 max-w-[45%] shrink-0 items-center gap-1.5 rounded-full bg-accent pr-3 pl-2.5 text-[14px] font-semibold text-white transition-[filter] hover:brightness-108 dark:text-[#08121d]">
            <Icon name="app" size={17} /><span className="truncate">{menuApp.text ?? t("menu")}</span>
          </button>
        ) : (
          commands.length > 0 && (
            <button type="button" aria-label={t("commands")} aria-expanded={showsCommands} onClick={() => setShowsCommands(!showsCommands)}
              className={`grid size-10 shrink-0 place-items-center rounded-full text-[19px] font-semibold transition-colors ${showsCommands ? "bg-accent text-white dark:text-[#08121d]" : "text-accent hover:bg-accent-soft"}`}>/</button>
          )
        )}
        <IconButton icon="clip" label={t("attach")} onClick={() => picker.current?.click()} className="size-10" size={22} />
        <input ref={picker} type="file" hidden onChange={(event) => attach(event.target.files?.[0])} />
        <textarea ref={field} rows={1} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={onKey} maxLength={4096} aria-label={t("message")}
          placeholder={open.keyboard?.input_field_placeholder ?? t("message")}
          className="min-h-10 flex-1 resize-none rounded-[20px] border border-line bg-panel px-3.5 py-[7px] text-[16px] leading-6 outline-none placeholder:text-ink-faint focus:border-accent" />
        {keyboard && (
          <IconButton icon="keyboard" label={showsKeyboard ? t("hideKeyboard") : t("showKeyboard")} onClick={() => setShowsKeyboard(!showsKeyboard)}
            className={`size-10 ${showsKeyboard ? "text-accent" : ""}`} size={22} />
        )}
        <button type="submit" aria-label={t("send")} disabled={!text.trim()}
          className="grid size-10 shrink-0 place-items-center rounded-full bg-accent text-white transition-[opacity,transform] disabled:scale-90 disabled:opacity-35 dark:text-[#08121d]">
          <Icon name="send" size={19} className="translate-x-px" />
        </button>
      </form>
      {keyboard && showsKeyboard && <ReplyKeyboard markup={keyboard} onPress={(words, app) => (app ? openApp({ chat: open.chat.key, address: app }) : send(words))} />}
    </div>
  );
}

function Commands({ commands, onPick }: { commands: Command[]; onPick: (command: string) => void }) {
  return (
    <ul className="absolute inset-x-1.5 bottom-full mb-1.5 max-h-72 animate-rise overflow-y-auto rounded-2xl border border-line bg-panel p-1 shadow-2xl">
      {commands.map((item) => (
        <li key={item.command}>
          <button type="button" onClick={() => onPick(item.command)} className="flex w-full items-baseline gap-3 rounded-xl px-3 py-2 text-left transition-colors hover:bg-soft">
            <span className="shrink-0 text-[15px] font-medium text-accent">/{item.command}</span>
            <span className="truncate text-[14px] text-ink-soft">{item.description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function ReplyKeyboard({ markup, onPress }: { markup: ReplyMarkup; onPress: (text: string, app?: string) => void }) {
  return (
    <div className="max-h-56 space-y-1.5 overflow-y-auto border-t border-line px-1.5 py-1.5">
      {markup.keyboard?.map((row, index) => (
        <div key={index} className="grid gap-1.5" style={{ gridTemplateColumns: `repeat(${row.length}, minmax(0, 1fr))` }}>
          {row.map((button) => (
            <button key={button.text} type="button" onClick={() => onPress(button.text, button.web_app?.url)}
              className="min-h-11 rounded-xl border border-line bg-panel px-2 text-[15px] font-medium transition-colors hover:bg-soft active:scale-[0.99]">
              <span className="line-clamp-2">{button.text}</span>
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

/** The narrowest list that the bot has set: scope first, then language, as Telegram chooses. */
function commandsFor(bot: Bot, type: string, language: string): Command[] {
  const scopes = type === "private" ? ["all_private_chats", "default"] : ["all_group_chats", "default"];
  for (const scope of scopes) {
    for (const spoken of [language, ""]) {
      const found = bot.commands[`${scope}///${spoken}`];
      if (found?.length) return found;
    }
  }
  return [];
}
