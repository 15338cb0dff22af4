import type { ReactNode } from "react";

const MARKS = /(\*\*(.+?)\*\*)|(\*(.+?)\*|_(.+?)_)|(`(.+?)`)|(\[(.+?)\]\((.+?)\))/;

/** What a chat makes of Markdown: bold, italic, code, links, lists as they are. Nothing of the text becomes markup of the page. */
export function Markdown({ text }: { text: string }): ReactNode {
  const found = MARKS.exec(text);
  if (!found) return text;
  const [all, , bold, , star, under, , code, , label] = found;
  const rest = text.slice(found.index + all.length);
  const shown = bold ? <b><Markdown text={bold} /></b> : code ? <code className="font-mono text-[0.92em]">{code}</code> : label ? <span className="text-brand-text underline">{label}</span> : <i><Markdown text={star ?? under ?? ""} /></i>;
  return <>{text.slice(0, found.index)}{shown}<Markdown text={rest} /></>;
}
