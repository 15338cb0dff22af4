/** Markdown as elements: made one by one and never from HTML, so a text can only ever be text. */
import { type Block, isSafe, markdown as read, type Span } from "@kassa/chat/markdown";

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K, attributes: Record<string, string> = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A link of the web, opened beside the page; anything else is not one. */
export const link = (text: (Node | string)[], url: string): Node =>
  isSafe(url) ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...text) : element("span", {}, ...text);

const NAMES = { strong: "strong", em: "em", gone: "s" } as const;

function inline(spans: Span[]): (Node | string)[] {
  return spans.map((span) => {
    if (typeof span === "string") return span;
    if (span.kind === "break") return element("br");
    if (span.kind === "link") return link(inline(span.spans), span.url);
    if ("text" in span) return element("code", {}, span.text);
    return element(NAMES[span.kind], {}, ...inline(span.spans));
  });
}

function block(one: Block): Node {
  switch (one.kind) {
    case "code":
    case "formula":
      return element("pre", { tabindex: "0" }, element("code", {}, one.text));
    case "heading":
      return element("p", { class: "h" }, ...inline(one.spans));
    case "rule":
      return element("hr");
    case "table": {
      const line = (name: "th" | "td", row: Span[][]) => element("tr", {}, ...row.map((cell) => element(name, {}, ...inline(cell))));
      const table = element("table", {}, element("thead", {}, line("th", one.head)), element("tbody", {}, ...one.rows.map((row) => line("td", row))));
      return element("div", { class: "wide", tabindex: "0" }, table);
    }
    case "list": {
      const items = one.items.map((item) => element("li", {}, ...inline(item.spans), ...item.blocks.map(block)));
      return one.start === null ? element("ul", {}, ...items) : element("ol", { start: String(one.start) }, ...items);
    }
    case "quote":
      return element("blockquote", {}, ...one.blocks.map(block));
    case "paragraph":
      return element("p", {}, ...inline(one.spans));
  }
}

export const markdown = (text: string): Node[] => read(text).map(block);
