import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { cn } from "./cn";

/** Cells that belong together, with a heading above and an explanation below. */
export function Section({ title, note, action, children }: { title?: string; note?: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="grid gap-2">
      {(title || action) && (
        <div className="flex min-h-7 items-end justify-between gap-3 px-4">
          {title && <h2 className="text-[13px] font-semibold tracking-wide text-ink-soft uppercase">{title}</h2>}
          {action}
        </div>
      )}
      <div className="overflow-hidden rounded-3xl bg-sheet shadow-[0_1px_2px_rgb(var(--shadow)/0.05)]">{children}</div>
      {note && <p className="px-4 text-[13px] text-ink-soft">{note}</p>}
    </section>
  );
}

interface CellProps {
  icon?: ReactNode;
  title: ReactNode;
  hint?: ReactNode;
  /** What stands at the end: a value, a switch, a badge. */
  end?: ReactNode;
  to?: string;
  href?: string;
  onPress?(): void;
  isDanger?: boolean;
}

const row = "flex min-h-14 w-full items-center gap-3.5 px-4 py-2.5 text-left [&:not(:last-child)]:border-b [&:not(:last-child)]:border-line";

/** A line of a section; where it leads somewhere, all of it does. */
export function Cell({ icon, title, hint, end, to, href, onPress, isDanger = false }: CellProps) {
  const inside = (
    <>
      {icon && <span className={cn("grid size-9 shrink-0 place-items-center rounded-xl [&_svg]:size-5", isDanger ? "bg-bad-soft text-bad" : "bg-brand-soft text-brand-text")}>{icon}</span>}
      <span className="grid min-w-0 flex-1">
        <span className={cn("truncate text-[16px]", isDanger && "text-bad")}>{title}</span>
        {hint && <span className="truncate text-[14px] text-ink-soft">{hint}</span>}
      </span>
      {end !== undefined && <span className="flex shrink-0 items-center gap-2 text-[15px] text-ink-soft">{end}</span>}
      {to && <ChevronRight aria-hidden className="size-5 shrink-0 text-ink-faint" />}
    </>
  );
  const look = cn(row, "hover:bg-hover active:bg-hover");
  if (to) return <Link href={to} className={look}>{inside}</Link>;
  if (href) return <a href={href} className={look}>{inside}</a>;
  if (onPress) return <button type="button" onClick={onPress} className={look}>{inside}</button>;
  return <div className={row}>{inside}</div>;
}
