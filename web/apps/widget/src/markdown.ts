/** Markdown as elements: made one by one and never from HTML, so a text can only ever be text. */
const INLINE = /`([^`\n]+)`|\*\*(.+?)\*\*|~~(.+?)~~|\*([^*\s][^*]*?)\*|\[([^\]\n]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>()]+[^\s<>().,;:!?'"])|\\([\\`*_[\]()~#|<>.!-])/gu;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K, attributes: Record<string, string> = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A link of the web, opened beside the page; anything else is not one. */
export function link(text: (Node | string)[], url: string): Node {
  const isSafe = /^(https?:\/\/|mailto:|tel:)/i.test(url);
  return isSafe ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...text) : element("span", {}, ...text);
}

export function inline(text: string, depth = 0): (Node | string)[] {
  if (depth > 6) return [text];
  const found: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    found.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    const [, code, strong, gone, em, label, url, bare, escaped] = match;
    if (code !== undefined) found.push(element("code", {}, code));
    else if (strong) found.push(element("strong", {}, ...inline(strong, depth + 1)));
    else if (gone) found.push(element("s", {}, ...inline(gone, depth + 1)));
    else if (em) found.push(element("em", {}, ...inline(em, depth + 1)));
    else if (label !== undefined) found.push(link(inline(label, depth + 1), url!));
    else if (bare) found.push(link([bare], bare));
    else found.push(escaped!);
  }
  return [...found, text.slice(end)].filter((part) => part !== "");
}

const lines = (text: string[]) => text.flatMap((line, index) => [...(index ? [element("br")] : []), ...inline(line)]);
const cells = (line: string) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

export function markdown(text: string): Node[] {
  const rows = text.replace(/\r/g, "").split("\n");
  const found: Node[] = [];
  for (let at = 0; at < rows.length; ) {
    const row = rows[at]!;
    const take = (fits: (line: string) => boolean) => {
      const begin = at;
      while (at < rows.length && fits(rows[at]!)) at++;
      return rows.slice(begin, at);
    };
    const fence = /^\s*(```+|~~~+)(.*)$/.exec(row);
    const heading = /^(#{1,6})\s+(.*)$/.exec(row);
    if (fence) {
      at++;
      const code = take((line) => !line.trim().startsWith(fence[1]!));
      at++;
      found.push(element("pre", { tabindex: "0" }, element("code", {}, code.join("\n"))));
    } else if (heading) {
      at++;
      found.push(element("p", { class: "h" }, ...inline(heading[2]!)));
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(row)) {
      at++;
      found.push(element("hr"));
    } else if (row.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rows[at + 1] ?? "")) {
      const [head, , ...body] = take((line) => line.includes("|"));
      const line = (name: "th" | "td", text: string) => element("tr", {}, ...cells(text).map((cell) => element(name, {}, ...inline(cell))));
      const table = element("table", {}, element("thead", {}, line("th", head!)), element("tbody", {}, ...body.map((text) => line("td", text))));
      found.push(element("div", { class: "wide", tabindex: "0" }, table));
    } else if (/^\s*([-*+•]|\d+[.)])\s+/.test(row)) {
      const kind = /^\s*\d/.test(row) ? "ol" : "ul";
      const items = take((line) => /^\s*([-*+•]|\d+[.)])\s+/.test(line));
      const start: Record<string, string> = kind === "ol" ? { start: String(Number.parseInt(row, 10) || 1) } : {};
      found.push(element(kind, start, ...items.map((item) => element("li", {}, ...inline(item.replace(/^\s*([-*+•]|\d+[.)])\s+/, ""))))));
    } else if (/^\s*>/.test(row)) {
      const quoted = take((line) => /^\s*>/.test(line)).map((line) => line.replace(/^\s*> ?/, ""));
      found.push(element("blockquote", {}, ...lines(quoted)));
    } else if (row.trim() === "") {
      at++;
    } else {
      const begin = at++;
      take((line) => line.trim() !== "" && !/^\s*(```|~~~|#{1,6}\s|>|[-*+•]\s|\d+[.)]\s)/.test(line));
      found.push(element("p", {}, ...lines(rows.slice(begin, at))));
    }
  }
  return found;
}
