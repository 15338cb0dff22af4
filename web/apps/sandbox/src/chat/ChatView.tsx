// The chat on the phone: header, messages, keyboards, the input field.

import { useCallback, useEffect, useState } from "react";

import { api } from "../api";
import { usePreferences } from "../preferences";
import { botOf, useSandbox } from "../sandbox";
import type { Bot, Draft, Message } from "../types";
import { Composer } from "./Composer";
import { Header } from "./Header";
import { MessageList } from "./MessageList";

export function ChatView({ onMenu, onPanel }: { onMenu: () => void; onPanel: () => void }) {
  const { t, language } = usePreferences();
  const { open, bots, chatKey, personId, status, attempt, startPayload } = useSandbox();
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const bot = botOf(bots, open?.chat) ?? bots.find((item) => chatKey?.startsWith(`${item.id}:`)) ?? null;
  useEffect(() => setReplyTo(null), [chatKey]);

  const say = useCallback((text: string, replyId = 0) => {
    if (chatKey && personId) void attempt(() => api.say(chatKey, personId, text, replyId));
  }, [attempt, chatKey, personId]);
  const sayCommand = useCallback((text: string) => say(text), [say]);
  const stop = useCallback((draft: Draft) => {
    if (chatKey) void attempt(() => api.stop(chatKey, draft.draft_id));
  }, [attempt, chatKey]);

  const isFresh = open?.chat.type === "private" && open.messages.length === 0;
  const needsStart = open?.chat.type === "private" && (isFresh || open.chat.blocked || Boolean(startPayload));
  return (
    <section className="wallpaper flex h-full min-h-0 flex-col" aria-label={bot?.name ?? open?.chat.title}>
      <Header bot={bot} onMenu={onMenu} onPanel={onPanel} />
      {!open || !personId ? (
        <div className="grid flex-1 place-items-center p-6">
          <Note text={chatKey || status === "loading" ? t("loading") : bots.length === 0 ? `${t("noBots")}. ${t("noBotsHint")}` : t("chooseChat")} />
        </div>
      ) : isFresh ? (
        <Welcome bot={bot} language={language} />
      ) : (
        <MessageList key={`list ${chatKey}`} open={open} personId={personId} onReply={setReplyTo} onCommand={sayCommand} onStop={stop} />
      )}
      {open && needsStart ? (
        <StartBar isBlocked={open.chat.blocked} onStart={() => say(`/start ${startPayload}`.trim())} />
      ) : (
        open && <Composer key={`composer ${chatKey}`} bot={bot} open={open} replyTo={replyTo} onCancelReply={() => setReplyTo(null)} onSay={say} />
      )}
    </section>
  );
}

function StartBar({ isBlocked, onStart }: { isBlocked: boolean; onStart: () => void }) {
  const { t } = usePreferences();
  const { chatKey, chooseChat } = useSandbox();
  return (
    <div className="bg-(--header) px-3 pt-2.5 pb-[max(0.75rem,env(safe-area-inset-bottom))] backdrop-blur">
      <button type="button" onClick={() => { onStart(); if (chatKey) chooseChat(chatKey); }}
        className="h-12 w-full rounded-2xl bg-accent text-base font-semibold text-white uppercase transition-[filter] hover:brightness-108 dark:text-[#08121d]">
        {isBlocked ? t("restart") : t("start")}
      </button>
    </div>
  );
}

function Welcome({ bot, language }: { bot: Bot | null; language: string }) {
  const { t } = usePreferences();
  const texts = bot?.texts ?? {};
  const description = texts[`description/${language}`] || texts["description/"] || t("startDefault");
  return (
    <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto p-6">
      <div className="bubble w-full max-w-80 animate-rise rounded-[22px] bg-(--bubble-in) p-5">
        <h2 className="mb-1.5 text-[17px] font-semibold">{t("startHint")}</h2>
        <p className="text-[15px] leading-snug whitespace-pre-wrap text-ink-soft">{description}</p>
      </div>
    </div>
  );
}

function Note({ text }: { text: string }) {
  return <p className="max-w-72 rounded-2xl bg-(--pill) px-4 py-2 text-center text-[14.5px] leading-snug text-white">{text}</p>;
}
