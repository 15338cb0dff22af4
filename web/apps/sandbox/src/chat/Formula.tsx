// A LaTeX formula; KaTeX is loaded when the first one appears.

import { useEffect, useState } from "react";

type Render = (source: string, isBlock: boolean) => string;
let loaded: Render | null = null;

async function load(): Promise<Render> {
  const [katex] = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
  loaded = (source, isBlock) => katex.default.renderToString(source, { displayMode: isBlock, throwOnError: false, errorColor: "var(--danger)" });
  return loaded;
}

export function Formula({ source, isBlock = false }: { source: string; isBlock?: boolean }) {
  const [render, setRender] = useState<Render | null>(() => loaded);
  useEffect(() => {
    if (!render) void load().then((ready) => setRender(() => ready));
  }, [render]);
  const Tag = isBlock ? "div" : "span";
  if (!render) return <Tag className={`font-mono text-[0.92em] text-ink-soft ${isBlock ? "py-2 text-center" : ""}`}>{source}</Tag>;
  // KaTeX escapes what it is given; the HTML is its own.
  return <Tag dangerouslySetInnerHTML={{ __html: render(source, isBlock) }} />;
}
