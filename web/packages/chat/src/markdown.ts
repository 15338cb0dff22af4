/** Markdown as data: a page makes elements of it, and a text can only ever be text. Models write it, so it forgives. */
export type Span =
  | string
  | { kind: "break" }
  | { kind: "code" | "formula"; text: string }
  | { kind: "strong" | "em" | "gone"; spans: Span[] }
  | { kind: "link"; url: string; spans: Span[] };

export type Item = { spans: Span[]; blocks: Block[] };

/** `source` is the text that the block was read from: equal sources are equal blocks. */
export type Block = { source: string } & (
  | { kind: "code"; language: string; text: string }
  | { kind: "formula"; text: string }
  | { kind: "heading"; level: number; spans: Span[] }
  | { kind: "rule" }
  | { kind: "table"; head: Span[][]; rows: Span[][][]; align: ("left" | "center" | "right" | null)[] }
  | { kind: "list"; start: number | null; items: Item[] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "paragraph"; spans: Span[] }
);

const INLINE =
  /`([^`\n]+)`|\\\(([^\n]{1,800}?)\\\)|\$\$([^$\n]+)\$\$|\$([^\s$](?:[^$\n]*[^\s$])?)\$(?!\d)|\*\*([^\n]{1,2000}?)\*\*|__([^_\n]+)__|~~([^~\n]+)~~|\*([^*\s][^*]*?)\*|_([^_\s][^_]*?)_(?![\p{L}\d])|!?\[([^\]\n]{1,300})\]\(([^)\s]{1,1000})\)|(https?:\/\/[^\s<>()]+[^\s<>().,;:!?'"])|\\([\\`*_[\]()~#|<>.!$-])/gu;
/** Most lines have nothing to look for, and looking for all of it takes time. */
const MARKED = /[`\\$*_~[]|https?:/;
const DEEPEST = 6;

/** An address of the web; anything else leads nowhere. */
export const isSafe = (url: string): boolean => /^(https?:\/\/|mailto:|tel:)/i.test(url);

export function inline(text: string, depth = 0): Span[] {
  if (depth > DEEPEST || !MARKED.test(text)) return text ? [text] : [];
  const found: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, round, display, dollar, strong, strongToo, gone, em, emToo, label, url, bare, escaped] = match;
    // Two prices in a sentence are no formula.
    if (dollar !== undefined && !/[\\^_{}=]/.test(dollar)) continue;
    // names_with_lines are names. (A look behind would say so in the pattern, but older phones have none.)
    if (emToo !== undefined && /[\p{L}\d]/u.test(text[match.index - 1] ?? "")) continue;
    found.push(text.slice(end, match.index));
    end = match.index + whole.length;
    const inner = (words: string) => inline(words, depth + 1);
    const formula = round ?? display ?? dollar;
    if (code !== undefined) found.push({ kind: "code", text: code });
    else if (formula !== undefined) found.push({ kind: "formula", text: formula.trim() });
    else if (strong ?? strongToo) found.push({ kind: "strong", spans: inner((strong ?? strongToo)!) });
    else if (gone) found.push({ kind: "gone", spans: inner(gone) });
    else if (em ?? emToo) found.push({ kind: "em", spans: inner((em ?? emToo)!) });
    else if (label !== undefined) found.push({ kind: "link", url: url!, spans: inner(label) });
    else if (bare) found.push({ kind: "link", url: bare, spans: [bare] });
    else found.push(escaped!);
  }
  return [...found, text.slice(end)].filter((part) => part !== "");
}

const ITEM = /^(\s*)([-*+•]|\d{1,9}[.)])\s+(.*)$/;
const FENCE = /^\s*(```+|~~~+)(.*)$/;
const TABLE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const lines = (rows: string[]): Span[] => rows.flatMap((row, at): Span[] => [...(at ? [{ kind: "break" } as const] : []), ...inline(row)]);
const cells = (row: string) => row.trim().replace(/\\\|/g, "\0").replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim().replace(/\0/g, "|"));

export function markdown(text: string, depth = 0): Block[] {
  const rows = text.replace(/\r/g, "").split("\n");
  const found: Block[] = [];
  for (let at = 0; at < rows.length; ) {
    const row = rows[at]!;
    const from = at;
    const take = (fits: (row: string) => boolean) => {
      const begin = at;
      while (at < rows.length && fits(rows[at]!)) at++;
      return rows.slice(begin, at);
    };
    const source = () => rows.slice(from, at).join("\n");
    const fence = FENCE.exec(row);
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(row);
    const formula = /^\s*(\$\$|\\\[)/.exec(row)?.[1];
    if (fence) {
      at++;
      const code = take((line) => !line.trim().startsWith(fence[1]!));
      at++;
      found.push({ kind: "code", language: fence[2]!.trim().split(/\s/)[0]!, text: code.join("\n"), source: source() });
    } else if (formula) {
      const ends = formula === "$$" ? "$$" : "\\]";
      const inside = [row.trim().slice(2)];
      while (!inside.at(-1)!.trimEnd().endsWith(ends) && ++at < rows.length && rows[at]!.trim() !== "") inside.push(rows[at]!);
      if (inside.at(-1)!.trimEnd().endsWith(ends)) at++;
      const words = inside.join("\n").trim();
      found.push({ kind: "formula", text: words.endsWith(ends) ? words.slice(0, -2).trim() : words, source: source() });
    } else if (heading) {
      at++;
      found.push({ kind: "heading", level: heading[1]!.length, spans: inline(heading[2]!), source: row });
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(row)) {
      at++;
      found.push({ kind: "rule", source: row });
    } else if (row.includes("|") && TABLE.test(rows[at + 1] ?? "")) {
      const [head, marks, ...body] = take((line) => line.includes("|"));
      const align = cells(marks!).map((mark) => (mark.endsWith(":") ? (mark.startsWith(":") ? "center" : "right") : mark.startsWith(":") ? "left" : null));
      const line = (text: string) => cells(text).map((cell) => inline(cell));
      found.push({ kind: "table", head: line(head!), rows: body.map(line), align, source: source() });
    } else if (ITEM.test(row)) {
      found.push(list(take((line) => ITEM.test(line) || (/^\s{2,}\S/.test(line) && !FENCE.test(line))), depth));
    } else if (/^\s*>/.test(row)) {
      const quoted = take((line) => /^\s*>/.test(line)).map((line) => line.replace(/^\s*> ?/, ""));
      const blocks = depth < DEEPEST ? markdown(quoted.join("\n"), depth + 1) : [{ kind: "paragraph" as const, spans: lines(quoted), source: "" }];
      found.push({ kind: "quote", blocks, source: source() });
    } else if (row.trim() === "") {
      at++;
    } else {
      at++;
      take((line) => line.trim() !== "" && !/^\s*(```|~~~|#{1,6}\s|>|[-*+•]\s|\d{1,9}[.)]\s|\$\$|\\\[)/.test(line));
      found.push({ kind: "paragraph", spans: lines(rows.slice(from, at)), source: source() });
    }
  }
  return found;
}

/** The items of a list; what is further to the right belongs to the item above. */
function list(rows: string[], depth: number): Block {
  const [, indent, mark] = ITEM.exec(rows[0]!)!;
  const groups: string[][] = [];
  for (const row of rows) {
    const item = ITEM.exec(row);
    if (item && (item[1]!.length <= indent!.length + 1 || groups.length === 0)) groups.push([item[3]!]);
    else groups.at(-1)!.push(row);
  }
  const items = groups.map(([first, ...rest]) => {
    const least = Math.min(...rest.map((row) => /^\s*/.exec(row)![0].length));
    return { spans: inline(first!), blocks: depth < DEEPEST && rest.length ? markdown(rest.map((row) => row.slice(least)).join("\n"), depth + 1) : [] };
  });
  return { kind: "list", start: /\d/.test(mark!) ? Number.parseInt(mark!, 10) : null, items, source: rows.join("\n") };
}
