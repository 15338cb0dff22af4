import type { Button, Message, Unsent } from "@kassa/chat";
import { Check, CircleAlert, Clock3, Copy } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useI18n } from "../../app/i18n";
import { haptic, openLink } from "../../app/telegram";
import { cn } from "../../ui/cn";
import { Files } from "./Files";
import { Blocks, Prose } from "./Prose";
import { refusal } from "./refusals";
import type { Row } from "./rows";
import { useCopy } from "./useCopy";

const SHORT = 120;

interface Props {
  row: Row;
  onPress(button: Button, message: Message): void;
}

/** One message of either side. It is made anew only when it was changed. */
export const Bubble = memo(function Bubble({ row: { message, blocks, isFirst, isLast }, onPress }: Props) {
  const { t } = useI18n();
  if (message.author === "customer") {
    return (
      <Mine label={t("chat.you")} id={message.id}>
        <Files files={message.attachments} isMine />
        {message.text && <Words text={message.text} />}
        <Foot at={message.created_at} isMine />
      </Mine>
    );
  }
  return (
    <article aria-label={t("chat.bot")} data-id={isFirst ? message.id : undefined} className="grid max-w-full justify-items-start gap-1.5">
      {isFirst && <Files files={message.attachments} />}
      <div className={cn("max-w-full min-w-0 bg-sheet px-4", isFirst && "rounded-t-3xl rounded-tl-lg pt-3", isLast && "rounded-b-3xl pb-3 shadow-[0_1px_2px_rgb(var(--shadow)/0.05)]", blocks && "w-full", blocks && !isFirst && "pt-2.5")}>
        {blocks ? <Blocks blocks={blocks} /> : message.format === "plain" ? <p className="break-words whitespace-pre-wrap">{message.text}</p> : <Prose text={message.text} />}
      </div>
      {isLast && message.buttons.length > 0 && <Buttons rows={message.buttons} onPress={(button) => onPress(button, message)} />}
      {isLast && <Foot at={message.created_at} copy={message.text.length > SHORT ? message.text : undefined} />}
    </article>
  );
}, (before, after) => before.row.key === after.row.key && before.row.message.edited_at === after.row.message.edited_at);

/** What is on its way, and what did not get there. */
export function UnsentBubble({ unsent, onRetry, onDrop }: { unsent: Unsent; onRetry(): void; onDrop(): void }) {
  const { t } = useI18n();
  return (
    <Mine label={t("chat.you")} isPale={unsent.failure === null}>
      <Files files={unsent.attachments} isMine />
      {unsent.text && <Words text={unsent.text} />}
      {unsent.failure === null ? (
        <span className="flex items-center gap-1 px-2 text-[13px] text-ink-soft"><Clock3 aria-hidden className="size-3.5" />{t("chat.sending")}</span>
      ) : (
        <div role="alert" className="grid justify-items-end gap-1">
          <span className="flex items-center gap-1.5 px-2 text-[14px] text-bad"><CircleAlert aria-hidden className="size-4 shrink-0" />{refusal(unsent.failure) ?? t("chat.not_sent")}</span>
          <span className="flex gap-1">
            <button type="button" onClick={onRetry} className="tap min-h-9 rounded-xl px-3 text-[14px] font-medium text-brand-text hover:bg-hover">{t("action.retry")}</button>
            <button type="button" onClick={onDrop} className="tap min-h-9 rounded-xl px-3 text-[14px] font-medium text-ink-soft hover:bg-hover">{t("chat.drop_unsent")}</button>
          </span>
        </div>
      )}
    </Mine>
  );
}

function Mine({ label, id, isPale = false, children }: { label: string; id?: number; isPale?: boolean; children: ReactNode }) {
  return <article aria-label={label} data-id={id} className={cn("grid max-w-full justify-items-end gap-1.5 pl-10 sm:pl-24", isPale && "opacity-70")}>{children}</article>;
}

const Words = ({ text }: { text: string }) => <p className="max-w-full min-w-0 rounded-3xl rounded-tr-lg bg-brand px-4 py-2.5 break-words whitespace-pre-wrap text-brand-ink">{text}</p>;

function Foot({ at, isMine = false, copy: text }: { at: string; isMine?: boolean; copy?: string }) {
  const { t, locale } = useI18n();
  const { isCopied, copy } = useCopy();
  return (
    <div className={cn("flex min-h-6 items-center gap-1 px-2 text-[13px] text-ink-soft", isMine && "justify-end")}>
      <time dateTime={at}>{new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" })}</time>
      {text && (
        <button type="button" onClick={() => void copy(text)} className="tap -my-1 ml-1 flex min-h-8 items-center gap-1.5 rounded-xl px-2 hover:bg-hover hover:text-ink [&_svg]:size-3.5">
          {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}{t(isCopied ? "chat.copied" : "action.copy")}
        </button>
      )}
    </div>
  );
}

/** The bot's buttons. A link to a page of this app stays in it. */
export function Buttons({ rows, onPress }: { rows: Button[][]; onPress(button: Button): void }) {
  const [, go] = useLocation();
  const look = "tap flex min-h-11 min-w-0 flex-1 items-center justify-center rounded-2xl bg-brand-soft px-3 py-2 text-center text-[15px] leading-tight font-medium break-words text-brand-text hover:brightness-97";
  return (
    <div className="grid w-full max-w-lg gap-1.5">
      {rows.map((row, at) => (
        <div key={at} className="flex gap-1.5">
          {row.map((button) => {
            const path = pathOf(button.url);
            if (path) return <button key={button.text} type="button" onClick={() => { haptic("light"); go(path); }} className={look}>{button.text}</button>;
            if (button.url) return <a key={button.text} href={safe(button.url)} target="_blank" rel="noopener noreferrer" onClick={(event) => { event.preventDefault(); openOutside(button.url); }} className={look}>{button.text}</a>;
            return <button key={button.text} type="button" onClick={() => { haptic("light"); onPress(button); }} className={look}>{button.text}</button>;
          })}
        </div>
      ))}
    </div>
  );
}

const safe = (url: string) => (/^https?:\/\//i.test(url) ? url : undefined);

function openOutside(url: string): void {
  if (safe(url)) openLink(url);
}

/** The path of a page of this app; null for everything else, the server's own pages among it. */
function pathOf(url: string): string | null {
  if (!url.startsWith(`${location.origin}/`)) return null;
  const { pathname, search } = new URL(url);
  return /^\/(api|v1|admin|sandbox|metrics)(\/|$)/.test(pathname) ? null : pathname + search;
}
