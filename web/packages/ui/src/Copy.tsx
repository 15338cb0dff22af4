import { Check, Copy as Icon } from "lucide-react";
import { useState } from "react";
import { cn } from "./cn";

/** A value one click puts into the clipboard: ids, links, secrets shown once. */
export function Copy({ value, shown, label, className }: { value: string; shown?: string; label: string; className?: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard?.writeText(value).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <button type="button" onClick={copy} aria-label={`${label}: ${value}`} className={cn("group inline-flex max-w-full items-center gap-1.5 rounded-sm font-mono text-[13px] text-ink-soft hover:text-ink", className)}>
      <span className="truncate">{shown ?? value}</span>
      {isCopied ? <Check aria-hidden className="size-3.5 shrink-0 text-good" /> : <Icon aria-hidden className="size-3.5 shrink-0 text-ink-faint" />}
    </button>
  );
}
