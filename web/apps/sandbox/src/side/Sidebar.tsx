// Left: whose phone it is, and the chats in it.

import { useState } from "react";

import { usePreferences } from "../preferences";
import { Avatar, Icon, colorOf } from "../parts";
import { useSandbox } from "../sandbox";
import type { Message } from "../types";
import { BotDialog, GroupDialog, PersonDialog } from "./dialogs";

export function Sidebar({ onPick }: { onPick?: () => void }) {
  const { t } = usePreferences();
  const { people, bots, chats, personId, chatKey, choosePerson, chooseChat } = useSandbox();
  const [dialog, setDialog] = useState<"person" | "bot" | "group" | null>(null);
  const privateKeys = bots.map((bot) => ({ bot, key: `${bot.id}:${personId}`, chat: chats.find((chat) => chat.key === `${bot.id}:${personId}`) }));
  const groups = chats.filter((chat) => chat.type !== "private" && !chat.migrated_to);

  return (
    <nav aria-label={t("chats")} className="flex h-full flex-col overflow-y-auto px-3 pb-4">
      <Section title={t("people")} action={t("newPerson")} onAction={() => setDialog("person")} />
      <ul className="flex flex-wrap gap-x-1 gap-y-2 px-1 pb-2">
        {people.slice(0, 40).map((person) => (
          <li key={person.id}>
            <button type="button" aria-pressed={person.id === personId} onClick={() => choosePerson(person.id)}
              className="group flex w-16 flex-col items-center gap-1 rounded-2xl py-1.5 transition-colors hover:bg-ink/5">
              <span className={`rounded-full p-0.5 ring-2 transition-shadow ${person.id === personId ? "ring-accent" : "ring-transparent"}`}>
                <Avatar name={person.first_name} color={person.color} size={40} />
              </span>
              <span className={`max-w-full truncate px-1 text-xs ${person.id === personId ? "font-semibold text-ink" : "text-ink-soft"}`}>{person.first_name}</span>
            </button>
          </li>
        ))}
      </ul>

      <Section title={t("chats")} action={t("newBot")} onAction={() => setDialog("bot")} />
      <ul className="space-y-0.5">
        {privateKeys.map(({ bot, key, chat }) => (
          <Row key={key} isActive={key === chatKey} title={bot.name} subtitle={chat?.last_message ? preview(chat.last_message) : `@${bot.username}`}
            color={colorOf(bot.id)} time={chat?.last_message?.date} isBot onClick={() => { chooseChat(key); onPick?.(); }} />
        ))}
        {groups.map((chat) => (
          <Row key={chat.key} isActive={chat.key === chatKey} title={chat.title} icon="group" color={colorOf(chat.id)} time={chat.last_message?.date}
            subtitle={chat.last_message ? preview(chat.last_message) : `${t("members")}: ${chat.members.length}`} onClick={() => { chooseChat(chat.key); onPick?.(); }} />
        ))}
      </ul>
      {bots.length === 0 && <p className="px-2 py-3 text-sm leading-snug text-ink-faint">{t("noBotsHint")}</p>}
      <button type="button" onClick={() => setDialog("group")} disabled={!personId}
        className="mt-2 flex items-center gap-2 self-start rounded-xl px-2.5 py-2 text-sm font-medium text-accent transition-colors hover:bg-accent-soft">
        <Icon name="group" size={18} /> {t("newGroup")}
      </button>

      {dialog === "person" && <PersonDialog onClose={() => setDialog(null)} />}
      {dialog === "bot" && <BotDialog onClose={() => setDialog(null)} />}
      {dialog === "group" && <GroupDialog onClose={() => setDialog(null)} />}
    </nav>
  );
}

function Section({ title, action, onAction }: { title: string; action: string; onAction: () => void }) {
  return (
    <div className="flex items-center justify-between px-2 pt-4 pb-2">
      <h2 className="text-xs font-semibold tracking-wide text-ink-faint uppercase">{title}</h2>
      <button type="button" onClick={onAction} title={action} aria-label={action}
        className="grid size-7 place-items-center rounded-full text-accent transition-colors hover:bg-accent-soft">
        <Icon name="plus" size={18} />
      </button>
    </div>
  );
}

function Row({ title, subtitle, color, icon, time, isActive, isBot, onClick }: {
  title: string; subtitle: string; color: string; icon?: string; time?: number; isActive: boolean; isBot?: boolean; onClick: () => void;
}) {
  const { language, t } = usePreferences();
  return (
    <li>
      <button type="button" aria-current={isActive} onClick={onClick}
        className={`flex w-full items-center gap-3 rounded-2xl px-2.5 py-2 text-left transition-colors ${isActive ? "bg-accent-soft" : "hover:bg-ink/5"}`}>
        <Avatar name={title} color={color} size={44} icon={icon} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-1.5">
            <span className="truncate text-[15px] font-medium">{title}</span>
            {isBot && <span className="shrink-0 rounded-md bg-ink/8 px-1 text-[11px] font-medium text-ink-soft">{t("bot")}</span>}
            <span className="ml-auto shrink-0 text-xs text-ink-faint">{time ? clockOf(time, language) : ""}</span>
          </span>
          <span className="block truncate text-[13.5px] text-ink-soft">{subtitle}</span>
        </span>
      </button>
    </li>
  );
}

export function clockOf(seconds: number, language: string): string {
  return new Date(seconds * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

function preview(message: Message): string {
  if (message.text) return message.text.slice(0, 80);
  if (message.caption) return message.caption.slice(0, 80);
  if (message.rich_message) return flatten(message.rich_message.blocks).slice(0, 80);
  if (message.invoice) return `⭐ ${message.invoice.title}`;
  if (message.photo) return "🖼";
  return message.document?.file_name ?? message.audio?.file_name ?? "…";
}

/** The plain words inside rich content. */
export function flatten(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(flatten).join(" ");
  if (value && typeof value === "object") {
    const item = value as Record<string, unknown>;
    return [item.text, item.summary, item.expression, item.blocks, item.items, item.cells].filter(Boolean).map(flatten).join(" ");
  }
  return "";
}
