// Who this chat is with, and what can be done about it.

import { useRef, useState } from "react";

import { api } from "../api";
import { Avatar, IconButton, colorOf } from "../parts";
import { usePreferences } from "../preferences";
import { AppDialog } from "../side/dialogs";
import { useSandbox } from "../sandbox";
import type { Bot } from "../types";

export function Header({ bot, onMenu, onPanel }: { bot: Bot | null; onMenu: () => void; onPanel: () => void }) {
  const { t } = usePreferences();
  const { open, isConnected } = useSandbox();
  const title = bot?.name ?? open?.chat.title ?? t("sandbox");
  const isTyping = (open?.typingUntil ?? 0) > 0;
  const members = open && !bot ? `${t("members")}: ${open.chat.members.filter((member) => member.status !== "left" && member.status !== "kicked").length}` : "";
  const subtitle = !isConnected ? t("offline") : isTyping ? `${t("typing")}…` : bot ? t("bot") : members;
  return (
    <header className="z-10 flex h-[58px] shrink-0 items-center gap-2 bg-(--header) px-2 shadow-[0_0.5px_0_var(--line)] backdrop-blur">
      <IconButton icon="menu" label={t("chats")} onClick={onMenu} className="lg:hidden" />
      <span className="lg:pl-1.5"><Avatar name={title} color={colorOf(bot?.id ?? open?.chat.id ?? 0)} size={40} icon={open && !bot ? "group" : undefined} /></span>
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-[16px] leading-tight font-semibold">{title}</h1>
        <p className={`truncate text-[13px] leading-tight ${isTyping ? "text-accent" : "text-ink-soft"}`}>{subtitle}</p>
      </div>
      <IconButton icon="bolt" label={t("faults")} onClick={onPanel} className="xl:hidden" />
      {open && <Actions bot={bot} />}
    </header>
  );
}

function Actions({ bot }: { bot: Bot | null }) {
  const { t } = usePreferences();
  const { open, personId, attempt, reload, say, chooseChat } = useSandbox();
  const menu = useRef<HTMLDivElement>(null);
  const [asksAddress, setAsksAddress] = useState(false);
  if (!open || !personId) return null;
  const run = (work: () => Promise<unknown>) => () => {
    menu.current?.hidePopover();
    void attempt(work);
  };
  return (
    <>
      <button type="button" popoverTarget="chat-actions" aria-label={t("menu")} className="grid size-9 shrink-0 place-items-center rounded-full text-ink-soft hover:bg-ink/8 [anchor-name:--chat-actions]">
        <span aria-hidden className="text-xl leading-none">⋮</span>
      </button>
      <div ref={menu} id="chat-actions" popover="auto"
        className="m-0 min-w-56 rounded-2xl border border-line bg-panel p-1.5 text-[15px] text-ink shadow-2xl [position-anchor:--chat-actions] [inset:auto] [top:anchor(bottom)] [right:anchor(right)]">
        {bot && <Action label={open.chat.blocked ? t("unblock") : t("block")} isDanger={!open.chat.blocked} onClick={run(() => api.block(bot.id, personId, !open.chat.blocked))} />}
        {bot && <Action label={t("copyToken")} onClick={run(async () => { await navigator.clipboard?.writeText(bot.token); say(t("copied")); })} />}
        {bot && <Action label={t("appAddress")} onClick={run(async () => setAsksAddress(true))} />}
        {open.chat.type === "group" && (
          <Action label={t("migrate")} onClick={run(async () => { const chat = await api.migrate(open.chat.key); await reload(); chooseChat(chat.key); })} />
        )}
        {bot && <p className="px-3 pt-1.5 pb-1 text-xs text-ink-faint">{bot.webhook_url ? t("webhook") : t("polling")} · @{bot.username}</p>}
      </div>
      {bot && asksAddress && <AppDialog bot={bot} onClose={() => setAsksAddress(false)} />}
    </>
  );
}

function Action({ label, onClick, isDanger }: { label: string; onClick: () => void; isDanger?: boolean }) {
  return (
    <button type="button" onClick={onClick} className={`block w-full rounded-xl px-3 py-2 text-left transition-colors hover:bg-soft ${isDanger ? "text-danger" : ""}`}>
      {label}
    </button>
  );
}
