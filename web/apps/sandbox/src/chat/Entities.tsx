// Text with entities: nested marks over UTF-16 offsets, which are JavaScript's own.

import { useState, type ReactNode } from "react";

import { useSandbox } from "../sandbox";
import type { Entity } from "../types";
import { Code } from "./Code";

export function FormattedText({ text, entities, onCommand }: { text: string; entities?: Entity[]; onCommand?: (text: string) => void }) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return <span className="whitespace-pre-wrap">{inside(text, 0, text.length, sorted, onCommand)}</span>;
}

function inside(text: string, start: number, end: number, entities: Entity[], onCommand?: (text: string) => void): ReactNode[] {
  const nodes: ReactNode[] = [];
  let position = start;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index]!;
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < position || entity.offset >= end) continue;
    if (entity.offset > position) nodes.push(text.slice(position, entity.offset));
    const nested = entities.slice(index + 1).filter((other) => other.offset >= entity.offset && other.offset + other.length <= stop);
    const content = inside(text, entity.offset, stop, nested, onCommand);
    nodes.push(<Mark key={`${entity.type}${entity.offset}`} entity={entity} words={text.slice(entity.offset, stop)} onCommand={onCommand}>{content}</Mark>);
    position = stop;
    // A block mark eats the line break after it, as the block makes its own.
    if (isBlock(entity.type) && text[position] === "\n") position += 1;
  }
  if (position < end) nodes.push(text.slice(position, end));
  return nodes;
}

const isBlock = (type: string) => type === "pre" || type === "blockquote" || type === "expandable_blockquote";

function Mark({ entity, words, children, onCommand }: { entity: Entity; words: string; children: ReactNode; onCommand?: (text: string) => void }) {
  switch (entity.type) {
    case "bold": return <strong className="font-semibold">{children}</strong>;
    case "italic": return <em>{children}</em>;
    case "underline": return <u>{children}</u>;
    case "strikethrough": return <s>{children}</s>;
    case "spoiler": return <Spoiler>{children}</Spoiler>;
    case "code": return <code className="rounded bg-ink/8 px-1 py-0.5 font-mono text-[0.9em]">{children}</code>;
    case "pre": return <Code text={words} language={entity.language} />;
    case "blockquote": case "expandable_blockquote": return <Quote isExpandable={entity.type !== "blockquote"}>{children}</Quote>;
    case "text_link": return <Link url={entity.url ?? ""}>{children}</Link>;
    case "url": return <Link url={/^\w+:\/\//.test(words) ? words : `https://${words}`}>{children}</Link>;
    case "email": return <a className="text-accent hover:underline dark:text-[#8cc4ff]" href={`mailto:${words}`}>{children}</a>;
    case "bot_command":
      return <button type="button" className="text-accent hover:underline dark:text-[#8cc4ff]" onClick={() => onCommand?.(words)}>{children}</button>;
    case "mention": return <Link url={`https://t.me/${words.slice(1)}`}>{children}</Link>;
    case "hashtag": case "cashtag": case "text_mention": case "phone_number": return <span className="text-accent dark:text-[#8cc4ff]">{children}</span>;
    default: return <>{children}</>;
  }
}

export function Link({ url, children }: { url: string; children: ReactNode }) {
  const { follow } = useSandbox();
  return (
    <a href={url} className="text-accent underline-offset-2 hover:underline dark:text-[#8cc4ff]" rel="noreferrer"
      onClick={(event) => { event.preventDefault(); follow(url); }}>
      {children}
    </a>
  );
}

export function Spoiler({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <span role="button" tabIndex={0} data-open={isOpen || undefined} className="spoiler transition-colors"
      onClick={() => setOpen(true)} onKeyDown={(event) => event.key === "Enter" && setOpen(true)}>
      {children}
    </span>
  );
}

export function Quote({ children, credit, isExpandable }: { children: ReactNode; credit?: ReactNode; isExpandable?: boolean }) {
  const [isOpen, setOpen] = useState(!isExpandable);
  return (
    <blockquote onClick={() => isExpandable && setOpen(!isOpen)}
      className={`my-1 rounded-lg border-l-[3px] border-accent bg-(--quote) py-1 pr-2 pl-2.5 ${isExpandable ? "cursor-pointer" : ""}`}>
      <div className={isOpen ? "" : "line-clamp-3"}>{children}</div>
      {credit && <footer className="mt-0.5 text-[0.86em] text-ink-soft">{credit}</footer>}
    </blockquote>
  );
}
