// Code with its language and a copy button.

import { useState } from "react";

import { Icon } from "../parts";
import { usePreferences } from "../preferences";

export function Code({ text, language }: { text: string; language?: string }) {
  const { t } = usePreferences();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1400);
  };
  return (
    <span className="my-1 block overflow-hidden rounded-xl border border-line/80 bg-(--code) whitespace-normal">
      <span className="flex items-center justify-between border-b border-line/80 py-0.5 pr-1 pl-3 text-xs text-ink-soft">
        <span>{language || "code"}</span>
        <button type="button" onClick={copy} aria-label={t("copy")}
          className="flex items-center gap-1 rounded-md px-2 py-1 font-medium transition-colors hover:bg-ink/8 hover:text-ink">
          <Icon name={isCopied ? "check" : "copy"} size={14} /> {isCopied ? t("copied") : t("copy")}
        </button>
      </span>
      <code className="block overflow-x-auto px-3 py-2 font-mono text-[13px] leading-[1.45] whitespace-pre" tabIndex={0}>{text}</code>
    </span>
  );
}
