// RichText: the inline half of rich messages.

import type { ReactNode } from "react";

import type { RichButton, RichText } from "../types";
import { Link, Spoiler } from "./Entities";
import { Formula } from "./Formula";
import { KeyButton } from "./InlineKeyboard";

export function plain(text: RichText | undefined | null): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  if (Array.isArray(text)) return text.map(plain).join("");
  return text.expression ?? text.alternative_text ?? plain(text.text);
}

export function Words({ text, messageId }: { text?: RichText; messageId?: number }): ReactNode {
  if (text === undefined || typeof text === "string") return text;
  if (Array.isArray(text)) return text.map((part, index) => <Words key={index} text={part} messageId={messageId} />);
  const inner = <Words text={text.text} messageId={messageId} />;
  switch (text.type) {
    case "bold": return <strong className="font-semibold">{inner}</strong>;
    case "italic": return <em>{inner}</em>;
    case "underline": return <u>{inner}</u>;
    case "strikethrough": return <s>{inner}</s>;
    case "spoiler": return <Spoiler>{inner}</Spoiler>;
    case "subscript": return <sub>{inner}</sub>;
    case "superscript": return <sup>{inner}</sup>;
    case "marked": return <mark className="rounded bg-amber-300/60 px-0.5 text-inherit">{inner}</mark>;
    case "code": return <code className="rounded bg-ink/8 px-1 py-0.5 font-mono text-[0.9em]">{inner}</code>;
    case "mathematical_expression": return <Formula source={text.expression ?? ""} />;
    case "custom_emoji": return text.alternative_text;
    case "url": return <Link url={text.url ?? ""}>{inner}</Link>;
    case "mention": return <Link url={`https://t.me/${text.username}`}>{inner}</Link>;
    case "email_address": return <a className="text-accent" href={`mailto:${text.email_address}`}>{inner}</a>;
    case "phone_number": return <a className="text-accent" href={`tel:${text.phone_number}`}>{inner}</a>;
    case "anchor": case "reference": return <span id={text.name}>{inner}</span>;
    case "button": return text.button ? <RichButtonView button={text.button} messageId={messageId} /> : null;
    default: return inner;
  }
}

export function RichButtonView({ button, messageId, isBlock }: { button: RichButton; messageId?: number; isBlock?: boolean }) {
  return <KeyButton button={{ ...button, text: plain(button.text) }} messageId={messageId ?? 0} look={isBlock ? "block" : "inline"} />;
}
