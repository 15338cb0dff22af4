import { useEffect, useState } from "react";

type Render = (text: string, isBlock: boolean) => string;
let loaded: Render | null = null;

async function load(): Promise<Render> {
  const [katex] = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
  loaded = (text, isBlock) => katex.default.renderToString(text, { displayMode: isBlock, throwOnError: false, errorColor: "var(--bad)" });
  return loaded;
}

/** A LaTeX formula; KaTeX is loaded when the first one appears. */
export function Formula({ text, isBlock = false }: { text: string; isBlock?: boolean }) {
  const [render, setRender] = useState<Render | null>(() => loaded);
  useEffect(() => {
    if (!render) void load().then((ready) => setRender(() => ready), () => undefined);
  }, [render]);
  const Tag = isBlock ? "div" : "span";
  if (!render) return <Tag className="font-mono text-[0.92em] text-ink-soft">{text}</Tag>;
  // KaTeX escapes what it is given; the HTML is its own.
  return <Tag tabIndex={isBlock ? 0 : undefined} className={isBlock ? "overflow-x-auto overflow-y-hidden py-1" : undefined} dangerouslySetInnerHTML={{ __html: render(text, isBlock) }} />;
}
