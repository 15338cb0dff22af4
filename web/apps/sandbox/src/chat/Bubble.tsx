// One message.

import { memo } from "react";

import { colorOf, Icon } from "../parts";
import { usePreferences } from "../preferences";
import { clockOf, flatten } from "../side/Sidebar";
import type { Message } from "../types";
import { FormattedText } from "./Entities";
import { InlineKeyboard } from "./InlineKeyboard";
import { Attachment } from "./Attachment";
import { Rich } from "./Rich";

type Props = {
  message: Message; isOwn: boolean; isGroup: boolean; isFirst: boolean; isLast: boolean;
  onReply: (message: Message) => void; onCommand: (text: string) => void;
};

export const Bubble = memo(function Bubble({ message, isOwn, isGroup, isFirst, isLast, onReply, onCommand }: Props) {
  const { t, language } = usePreferences();
  const isWide = Boolean(message.rich_message) || Boolean(message.reply_markup);
  const corner = isOwn ? (isLast ? "rounded-br-md" : "") : isLast ? "rounded-bl-md" : "";
  const media = message.photo ?? message.video ?? message.animation;
  const hasHead = Boolean(message.forward_origin ?? message.reply_to_message) || (isGroup && !isOwn && isFirst);
  return (
    <article className={`group/message flex animate-rise items-end gap-1 ${isOwn ? "justify-end" : "justify-start"} ${isFirst ? "mt-2" : "mt-0.5"}`}>
      <div className={`relative min-w-0 max-w-[86%] ${isWide && !isOwn ? "w-fit min-w-[60%]" : ""} ${message.rich_message ? "max-w-[94%]" : ""}`}>
        <div className={`bubble overflow-hidden rounded-[18px] text-[15.5px] leading-[1.36] ${corner} ${isOwn ? "bg-(--bubble-out)" : "bg-(--bubble-in)"}`}>
          <div className={`px-3 ${hasHead || !media ? "pt-1.5" : ""}`}>
            {isGroup && !isOwn && isFirst && message.from && (
              <div className="text-[13.5px] font-semibold" style={{ color: colorOf(message.from.id) }}>{message.from.first_name}</div>
            )}
            {message.forward_origin && (
              <div className="text-[13px] text-accent">{t("forwarded")} {message.forward_origin.sender_user?.first_name ?? message.forward_origin.chat?.title}</div>
            )}
            {message.reply_to_message && <Replied message={message.reply_to_message} quote={message.quote?.text} />}
          </div>
          <Attachment message={message} />
          <div className="flow-root px-3 pb-1.5">
            {message.text !== undefined && <FormattedText text={message.text} entities={message.entities} onCommand={onCommand} />}
            {message.caption !== undefined && <FormattedText text={message.caption} entities={message.caption_entities} onCommand={onCommand} />}
            {message.rich_message && <Rich content={message.rich_message} messageId={message.message_id} />}
            {message.invoice && <Invoice message={message} />}
            <span className={`float-right mt-1.5 ml-3 flex translate-y-0.5 items-center gap-1 text-[11.5px] leading-none select-none ${isOwn ? "text-(--bubble-out-meta)" : "text-ink-faint"}`}>
              {message.has_protected_content && <Icon name="lock" size={11} />}
              {message.edit_date && <span>{t("edited")}</span>}
              <time>{clockOf(message.date, language)}</time>
              {isOwn && <Icon name="check" size={13} />}
            </span>
          </div>
        </div>
        <ReplyButton label={t("reply")} isOwn={isOwn} onClick={() => onReply(message)} />
        {message.reactions && Object.keys(message.reactions).length > 0 && (
          <div className="mt-1 flex gap-1">{Object.entries(message.reactions).map(([by, emoji]) => <span key={by} className="rounded-full bg-(--key) px-2 py-0.5 text-sm">{emoji}</span>)}</div>
        )}
        {message.reply_markup && <InlineKeyboard rows={message.reply_markup.inline_keyboard} messageId={message.message_id} />}
      </div>
    </article>
  );
});

function ReplyButton({ label, isOwn, onClick }: { label: string; isOwn: boolean; onClick: () => void }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick}
      className={`absolute top-1 grid size-7 place-items-center rounded-full bg-panel text-ink-soft opacity-0 shadow-md transition-opacity group-hover/message:opacity-100 hover:text-ink focus-visible:opacity-100 max-md:hidden ${isOwn ? "right-full mr-1" : "left-full ml-0.5"}`}>
      <Icon name="reply" size={15} />
    </button>
  );
}

function Replied({ message, quote }: { message: Message; quote?: string }) {
  return (
    <div className="mb-1 rounded-lg border-l-[3px] border-accent bg-(--quote) px-2 py-0.5 text-[13.5px] leading-snug">
      <div className="truncate font-semibold text-accent">{message.from?.first_name}</div>
      <div className="truncate text-ink-soft">{quote ?? message.text ?? message.caption ?? (flatten(message.rich_message?.blocks) || "…")}</div>
    </div>
  );
}

function Invoice({ message }: { message: Message }) {
  const invoice = message.invoice!;
  return (
    <div className="py-1">
      <div className="font-semibold">{invoice.title}</div>
      <div className="text-ink-soft">{invoice.description}</div>
      <div className="mt-1 text-lg font-semibold">⭐ {invoice.total_amount}</div>
    </div>
  );
}

export function ServiceMessage({ message }: { message: Message }) {
  const { t } = usePreferences();
  return (
    <div className="my-2 flex justify-center">
      <span className="max-w-[85%] rounded-full bg-(--pill) px-3 py-1 text-center text-[13px] font-medium text-white">{words(message, t)}</span>
    </div>
  );
}

export function isService(message: Message): boolean {
  return Boolean(message.new_chat_members ?? message.left_chat_member ?? message.migrate_to_chat_id ?? message.migrate_from_chat_id
    ?? message.pinned_message ?? message.new_chat_title ?? message.successful_payment ?? message.refunded_payment
    ?? message.connected_website ?? message.write_access_allowed ?? message.web_app_data);
}

function words(message: Message, t: ReturnType<typeof usePreferences>["t"]): string {
  if (message.new_chat_members) return `${message.new_chat_members.map((user) => user.first_name).join(", ")} ${t("joined")}`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} ${t("left")}`;
  if (message.migrate_to_chat_id) return t("migratedTo");
  if (message.migrate_from_chat_id) return t("migratedFrom");
  if (message.pinned_message) return `${message.from?.first_name ?? ""} ${t("pinned")}`;
  if (message.connected_website) return `${t("signedIn")} ${message.connected_website}`;
  if (message.write_access_allowed) return t("writingAllowed");
  if (message.web_app_data) return `${t("dataSent")} «${message.web_app_data.button_text}»`;
  if (message.new_chat_title) return `${t("renamed")}: ${message.new_chat_title}`;
  if (message.successful_payment) return `${t("paid")}: ⭐ ${message.successful_payment.total_amount}`;
  return `${t("refunded")}: ⭐ ${message.refunded_payment?.total_amount ?? ""}`;
}

