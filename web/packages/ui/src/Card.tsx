import type { ReactNode } from "react";
import { cn } from "./cn";

/** A part of a page with a name of its own. */
export function Card({ title, actions, children, className, isFlush = false, id }: { title?: ReactNode; actions?: ReactNode; children: ReactNode; className?: string; isFlush?: boolean; id?: string }) {
  return (
    <section id={id} className={cn("min-w-0 rounded-lg border border-line bg-sheet", className)}>
      {title && (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
          <h2 className="text-[15px] font-semibold">{title}</h2>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={isFlush ? "" : "p-4"}>{children}</div>
    </section>
  );
}

/** Names and values, one pair a line. */
export function Facts({ items, className }: { items: [ReactNode, ReactNode][]; className?: string }) {
  return (
    <dl className={cn("grid gap-y-2.5", className)}>
      {items.map(([name, value], index) => (
        <div key={index} className="grid grid-cols-[minmax(7rem,2fr)_3fr] items-baseline gap-3">
          <dt className="text-[13px] text-ink-faint">{name}</dt>
          <dd className="min-w-0 break-words">{value ?? "—"}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One number that matters, with what it is and how it changed. */
export function Figure({ label, value, note, className }: { label: ReactNode; value: ReactNode; note?: ReactNode; className?: string }) {
  return (
    <div className={cn("min-w-0", className)}>
      <div className="text-[13px] text-ink-soft">{label}</div>
      <div className="figures mt-0.5 truncate text-[22px] leading-tight font-semibold tracking-tight">{value}</div>
      {note && <div className="mt-1 text-[13px] text-ink-faint">{note}</div>}
    </div>
  );
}
