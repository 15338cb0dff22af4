/** Markdown as it is read: elements, never HTML. A block that did not change is not made anew while an answer is written. */
import { isSafe, markdown, type Block, type Item, type Span } from "@kassa/chat/markdown";
import { Check, Copy } from "lucide-react";
import { memo, useEffect, useMemo, useState, type ReactNode } from "react";
import { useI18n } from "../../app/i18n";
import { cn } from "../../ui/cn";
import { Formula } from "./Formula";
import { useCopy } from "./useCopy";

/** So many blocks at once; a longer text goes on in the next frames, and the screen stays quick. */
const AT_ONCE = 40;

export function Prose({ text }: { text: string }) {
  const groups = useMemo(() => inGroups(markdown(text)), [text]);
  const [shown, setShown] = useState(1);
  const isWhole = shown >= groups.length;
  useEffect(() => {
    if (isWhole) return;
    const frame = requestAnimationFrame(() => setShown((before) => before + 1));
    return () => cancelAnimationFrame(frame);
  }, [shown, isWhole]);
  return <div className="prose">{groups.slice(0, shown).map((blocks, index) => <Group key={index} blocks={blocks} />)}</div>;
}

/** Blocks that were read already. */
export const Blocks = ({ blocks }: { blocks: Block[] }) => <div className="prose">{blocks.map((block, index) => <One key={index} block={block} />)}</div>;

const inGroups = (blocks: Block[]): Block[][] => Array.from({ length: Math.ceil(blocks.length / AT_ONCE) }, (_, at) => blocks.slice(at * AT_ONCE, (at + 1) * AT_ONCE));

const isSame = (one: Block, other: Block | undefined) => one.source === other?.source && one.kind === other.kind;

const Group = memo(
  function Group({ blocks }: { blocks: Block[] }) {
    return <>{blocks.map((block, index) => <One key={index} block={block} />)}</>;
  },
  (before, after) => before.blocks.length === after.blocks.length && before.blocks.every((block, at) => isSame(block, after.blocks[at])),
);

const One = memo(function One({ block }: { block: Block }) {
  switch (block.kind) {
    case "code":
      return <Code block={block} />;
    case "formula":
      return <Formula text={block.text} isBlock />;
    case "heading":
      // The levels of the page are its own; those of an answer begin below them.
      return block.level === 1 ? <h3>{spans(block.spans)}</h3> : block.level === 2 ? <h4>{spans(block.spans)}</h4> : <h5>{spans(block.spans)}</h5>;
    case "rule":
      return <hr />;
    case "table":
      return <Table block={block} />;
    case "list":
      return block.start === null ? <ul>{block.items.map(item)}</ul> : <ol start={block.start}>{block.items.map(item)}</ol>;
    case "quote":
      return <blockquote>{block.blocks.map((inner, index) => <One key={index} block={inner} />)}</blockquote>;
    case "paragraph":
      return <p>{spans(block.spans)}</p>;
  }
}, (before, after) => isSame(before.block, after.block));

const item = (one: Item, index: number) => <li key={index}>{spans(one.spans)}{one.blocks.map((block, at) => <One key={at} block={block} />)}</li>;

function spans(found: Span[]): ReactNode[] {
  return found.map((span, index) => {
    if (typeof span === "string") return span;
    switch (span.kind) {
      case "break":
        return <br key={index} />;
      case "code":
        return <code key={index}>{span.text}</code>;
      case "formula":
        return <Formula key={index} text={span.text} />;
      case "strong":
        return <strong key={index}>{spans(span.spans)}</strong>;
      case "em":
        return <em key={index}>{spans(span.spans)}</em>;
      case "gone":
        return <s key={index}>{spans(span.spans)}</s>;
      case "link":
        return isSafe(span.url) ? <a key={index} href={span.url} target="_blank" rel="noopener noreferrer">{spans(span.spans)}</a> : <span key={index}>{spans(span.spans)}</span>;
    }
  });
}

function Table({ block }: { block: Extract<Block, { kind: "table" }> }) {
  const { t } = useI18n();
  const style = (column: number) => (block.align[column] ? { textAlign: block.align[column]! } : undefined);
  return (
    <div className="wide" role="group" aria-label={t("chat.table")} tabIndex={0}>
      <table>
        <thead><tr>{block.head.map((cell, at) => <th key={at} scope="col" style={style(at)}>{spans(cell)}</th>)}</tr></thead>
        <tbody>{block.rows.map((row, at) => <tr key={at}>{row.map((cell, column) => <td key={column} style={style(column)}>{spans(cell)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

function Code({ block }: { block: Extract<Block, { kind: "code" }> }) {
  const { t } = useI18n();
  const { isCopied, copy } = useCopy();
  return (
    <div className="code">
      <div className="flex min-h-9 items-center justify-between gap-3 pr-1 pl-3.5 text-[13px] text-ink-soft">
        <span className="truncate font-mono">{block.language}</span>
        <button type="button" onClick={() => void copy(block.text)} className="tap flex min-h-9 items-center gap-1.5 rounded-xl px-2.5 hover:bg-hover hover:text-ink [&_svg]:size-4">
          {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}{t(isCopied ? "chat.copied" : "action.copy")}
        </button>
      </div>
      <pre tabIndex={0} aria-label={t("chat.code")} role="group" className={cn("px-3.5 pb-3.5")}><code>{block.text}</code></pre>
    </div>
  );
}
