import { cva } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "./cn";

export type Tone = "good" | "warn" | "bad" | "info" | "mute";

const badge = cva("inline-flex h-5.5 max-w-full items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap", {
  variants: {
    tone: {
      good: "bg-good-soft text-good",
      warn: "bg-warn-soft text-warn",
      bad: "bg-bad-soft text-bad",
      info: "bg-info-soft text-info",
      mute: "bg-mute-soft text-ink-soft",
    },
  },
});

/** A state in one or two words. The dot lets a column of them be read at a glance. */
export function Badge({ tone = "mute", children, hasDot = true, className }: { tone?: Tone; children: ReactNode; hasDot?: boolean; className?: string }) {
  return (
    <span className={cn(badge({ tone }), className)}>
      {hasDot && <span aria-hidden className="size-1.5 shrink-0 rounded-full bg-current" />}
      <span className="truncate">{children}</span>
    </span>
  );
}
