import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

export const Spinner = () => <LoaderCircle aria-hidden className="size-5 animate-spin" />;

/** Nothing here, or nothing came: what that means and what to do about it. */
export function Empty({ icon, title, children, action }: { icon: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-12 text-center" role="status">
      <span className="mb-1 grid size-14 place-items-center rounded-full bg-mute-soft text-ink-soft [&_svg]:size-7">{icon}</span>
      <p className="text-[17px] font-semibold">{title}</p>
      {children && <p className="max-w-72 text-[15px] text-ink-soft">{children}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** The place of what is being loaded. */
export function Skeleton({ className, rows = 1 }: { className?: string; rows?: number }) {
  return (
    <div aria-hidden className="grid gap-2.5">
      {Array.from({ length: rows }, (_, index) => <div key={index} className={cn("animate-pulse rounded-2xl bg-mute-soft", className ?? "h-16")} />)}
    </div>
  );
}

/** A word about a state. */
export function Badge({ tone = "mute", children }: { tone?: "good" | "warn" | "bad" | "info" | "mute"; children: ReactNode }) {
  const tones = {
    good: "bg-good-soft text-good", warn: "bg-warn-soft text-warn", bad: "bg-bad-soft text-bad", info: "bg-info-soft text-info",
    mute: "bg-mute-soft text-ink-soft",
  };
  return <span className={cn("inline-flex items-center rounded-full px-2.5 py-0.5 text-[13px] font-medium whitespace-nowrap", tones[tone])}>{children}</span>;
}
