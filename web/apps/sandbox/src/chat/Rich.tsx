// Rich messages: blocks of RichMessage.

import { api } from "../api";
import type { Block, Cell, ListItem, RichMessage, RichText } from "../types";
import { Code } from "./Code";
import { Quote } from "./Entities";
import { Formula } from "./Formula";
import { RichButtonView, Words, plain } from "./RichInline";

const HEADINGS = ["", "text-[1.32em] font-bold", "text-[1.2em] font-bold", "text-[1.1em] font-semibold", "text-[1.03em] font-semibold", "font-semibold", "font-semibold text-ink-soft"];

export function Rich({ content, messageId, isLive }: { content: RichMessage; messageId?: number; isLive?: boolean }) {
  return (
    <div className={`rich ${isLive ? "is-live" : ""}`} dir={content.is_rtl ? "rtl" : "auto"}>
      <Blocks blocks={content.blocks} messageId={messageId} />
    </div>
  );
}

function Blocks({ blocks, messageId }: { blocks: Block[]; messageId?: number }) {
  return blocks.map((block, index) => <BlockView key={index} block={block} messageId={messageId} />);
}

function BlockView({ block, messageId }: { block: Block; messageId?: number }) {
  switch (block.type) {
    case "paragraph": return <p className="whitespace-pre-wrap"><Words text={block.text} messageId={messageId} /></p>;
    case "heading": return <div role="heading" aria-level={block.size} className={`${HEADINGS[block.size ?? 3]} leading-snug`}><Words text={block.text} /></div>;
    case "pre": return <Code text={plain(block.text)} language={block.language} />;
    case "footer": return <p className="text-[0.86em] text-ink-soft"><Words text={block.text} /></p>;
    case "divider": return <hr className="border-ink/15" />;
    case "mathematical_expression": return <Formula source={block.expression ?? ""} isBlock />;
    case "list": return <ul className="space-y-1">{block.items?.map((item, index) => <Item key={index} item={item} messageId={messageId} />)}</ul>;
    case "blockquote":
      return <Quote credit={block.credit && <Words text={block.credit} />}><div className="space-y-1"><Blocks blocks={block.blocks ?? []} messageId={messageId} /></div></Quote>;
    case "expandable_blockquote": return <Quote isExpandable credit={block.credit && <Words text={block.credit} />}><Words text={block.text} /></Quote>;
    case "pullquote":
      return (
        <figure className="px-4 py-1 text-center text-[1.08em] italic"><Words text={block.text} />
          {block.credit && <figcaption className="mt-1 text-[0.8em] text-ink-soft not-italic"><Words text={block.credit} /></figcaption>}
        </figure>
      );
    case "table": return <Table block={block} />;
    case "details":
      return (
        <details open={block.is_open} className="rounded-xl border border-ink/12 px-3 py-1.5 open:pb-2.5">
          <summary className="cursor-pointer font-medium"><Words text={block.summary} /></summary>
          <div className="mt-1.5 space-y-2"><Blocks blocks={block.blocks ?? []} messageId={messageId} /></div>
        </details>
      );
    case "thinking": return <p className="shimmer font-medium"><Words text={block.text} /></p>;
    case "buttons":
      return <div className="flex flex-wrap gap-1.5">{block.buttons?.map((button, index) => <RichButtonView key={index} button={button} messageId={messageId} isBlock />)}</div>;
    case "collage": case "slideshow":
      return <div className="flex snap-x gap-1.5 overflow-x-auto [&>figure]:w-4/5 [&>figure]:shrink-0 [&>figure]:snap-start"><Blocks blocks={block.blocks ?? []} /></div>;
    case "anchor": return <span id={block.name} />;
    default: return <Media block={block} />;
  }
}

function Item({ item, messageId }: { item: ListItem; messageId?: number }) {
  return (
    <li className="flex gap-2">
      {item.has_checkbox
        ? <input type="checkbox" checked={item.is_checked ?? false} readOnly tabIndex={-1} className="mt-[0.28em] size-[0.95em] shrink-0 accent-accent" />
        : <span className="min-w-[1.1em] shrink-0 text-right text-ink-soft tabular-nums">{item.label}</span>}
      <div className="min-w-0 flex-1 space-y-1"><Blocks blocks={item.blocks} messageId={messageId} /></div>
    </li>
  );
}

function Table({ block }: { block: Block }) {
  const padding = block.is_compact ? "px-1.5 py-0.5" : "px-2 py-1.5";
  return (
    <figure>
      <div className="overflow-x-auto rounded-xl border border-ink/15" tabIndex={0}>
        <table className="w-full border-collapse text-[0.9em]">
          <tbody>
            {block.cells?.map((row, index) => (
              <tr key={index} className={`${index ? "border-t border-ink/12" : ""} ${block.is_striped && index % 2 ? "bg-ink/4" : ""}`}>
                {row.map((cell, column) => <CellView key={column} cell={cell} className={`${padding} ${block.is_bordered && column ? "border-l border-ink/12" : ""}`} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {block.caption && <Caption text={block.caption as RichText} />}
    </figure>
  );
}

function CellView({ cell, className }: { cell: Cell; className: string }) {
  const Tag = cell.is_header ? "th" : "td";
  return (
    <Tag colSpan={cell.colspan} rowSpan={cell.rowspan} style={{ textAlign: cell.align as "left", verticalAlign: cell.valign }}
      className={`${className} [overflow-wrap:normal] ${cell.is_header ? "bg-ink/5 font-semibold" : ""}`}>
      <Words text={cell.text} />
    </Tag>
  );
}

function Caption({ text }: { text: RichText }) {
  return <figcaption className="mt-1 text-center text-[0.86em] text-ink-soft"><Words text={text} /></figcaption>;
}

function Media({ block }: { block: Block }) {
  const file = block.photo?.at(-1) ?? block.video ?? block.animation ?? block.audio ?? block.voice_note ?? block.document;
  if (!file) return null;
  const url = api.fileUrl(file.file_id);
  const caption = block.caption && typeof block.caption === "object" && "text" in block.caption ? (block.caption.text as RichText) : null;
  return (
    <figure>
      {block.photo && <img src={url} alt={plain(caption)} width={file.width} height={file.height} loading="lazy" className="h-auto w-full rounded-xl" />}
      {(block.video ?? block.animation) && <video src={url} controls className="w-full rounded-xl" />}
      {(block.audio ?? block.voice_note) && <audio src={url} controls className="w-full" />}
      {block.document && <a href={url} download className="text-accent underline">{file.file_name}</a>}
      {caption && <Caption text={caption} />}
    </figure>
  );
}
