// Windows over a Mini App: its popups and our own questions, and the payment form of an invoice.

import { useEffect, useRef, useState, type ReactNode } from "react";

import { api } from "../api";
import { Primary } from "../parts";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import type { Key } from "../texts";
import type { Params, Popup } from "./types";

const OWN_TEXTS: Record<string, Key> = { ok: "ok", close: "close", cancel: "cancel" };
const PAY_MS = 12_000;

/** The popup that an app asks for; null when Telegram would refuse it. */
export function readPopup(params: Params, t: (key: Key) => string): Omit<Popup, "close"> | null {
  const { title = "", message } = params;
  const given = Array.isArray(params.buttons) ? (params.buttons as Params[]) : [];
  if (typeof message !== "string" || !message.trim() || message.length > 256 || String(title).length > 64 || given.length > 3) return null;
  const buttons = given.map((button) => {
    const type = String(button.type ?? "default");
    return { id: String(button.id ?? ""), type, text: type in OWN_TEXTS ? t(OWN_TEXTS[type]!) : String(button.text ?? "") };
  });
  return { title: String(title), message, buttons: buttons.length ? buttons : [{ id: "", type: "close", text: t("close") }] };
}

/** Above the app, inside the phone; takes the focus and gives it back. */
function Layer({ label, children, onClose }: { label: string; children: ReactNode; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.querySelector<HTMLElement>("button")?.focus();
    return () => before?.focus();
  }, []);
  return (
    <div className="absolute inset-0 z-20 grid animate-fade place-items-center bg-black/45 p-8" onClick={(event) => event.target === event.currentTarget && onClose()}
      onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); onClose(); } }}>
      <div ref={box} role="alertdialog" aria-modal="true" aria-label={label} className="w-full max-w-72 animate-rise overflow-hidden rounded-[18px] bg-panel text-center shadow-2xl">{children}</div>
    </div>
  );
}

export function PopupWindow({ popup }: { popup: Popup }) {
  const isRow = popup.buttons.length === 2 && popup.buttons.every((button) => button.text.length <= 14);
  return (
    <Layer label={popup.title || popup.message} onClose={() => popup.close()}>
      <div className="px-5 pt-5 pb-4">
        {popup.title && <h2 className="text-[17px] leading-snug font-semibold">{popup.title}</h2>}
        <p className={`text-[14.5px] leading-snug whitespace-pre-wrap [overflow-wrap:anywhere] ${popup.title ? "mt-1" : ""}`}>{popup.message}</p>
      </div>
      <div className={`border-t border-line ${isRow ? "grid grid-cols-2 divide-x divide-line" : "divide-y divide-line"}`}>
        {popup.buttons.map((button, index) => (
          <button key={index} type="button" onClick={() => popup.close(button.id)}
            className={`min-h-11 w-full px-3 text-[16px] transition-colors hover:bg-soft ${button.type === "destructive" ? "text-danger" : "text-accent"} ${button.type === "default" || button.type === "ok" ? "font-semibold" : ""}`}>
            {button.text}
          </button>
        ))}
      </div>
    </Layer>
  );
}

type Facts = { title: string; description: string; amount: number };

export function InvoiceWindow({ slug, chat, onClose }: { slug: string; chat: string; onClose: (status: string) => void }) {
  const { t } = usePreferences();
  const { personId, say } = useSandbox();
  const [facts, setFacts] = useState<Facts | null>(null);
  const [isPaying, setPaying] = useState(false);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    api.invoice(slug).then(setFacts, (error: Error) => { say(error.message); close.current("failed"); });
  }, [slug, say]);

  const pay = async () => {
    setPaying(true);
    try {
      const { query } = await api.pay(chat, personId!, { slug });
      onClose(await outcome(query));
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      setPaying(false);
    }
  };
  if (!facts) return null;
  return (
    <Layer label={facts.title} onClose={() => !isPaying && onClose("cancelled")}>
      <div className="px-5 pt-6 pb-5">
        <div aria-hidden className="text-4xl">⭐</div>
        <h2 className="mt-2 text-[17px] leading-snug font-semibold">{facts.title}</h2>
        <p className="mt-1 text-[14.5px] leading-snug text-ink-soft">{facts.description}</p>
        <div className="mt-4 grid gap-1">
          <Primary type="button" disabled={isPaying} onClick={() => void pay()}>{isPaying ? t("paying") : `${t("pay")} ⭐ ${facts.amount}`}</Primary>
          <button type="button" disabled={isPaying} onClick={() => onClose("cancelled")} className="min-h-10 rounded-xl text-[15px] text-accent disabled:opacity-50">{t("cancel")}</button>
        </div>
      </div>
    </Layer>
  );
}

/** What the bot answers to the payment; it has ten seconds. */
async function outcome(query: string): Promise<string> {
  const until = Date.now() + PAY_MS;
  while (Date.now() < until) {
    const { answer } = await api.answerOf(query);
    if (answer) return (answer as { ok?: boolean }).ok ? "paid" : "failed";
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return "failed";
}
