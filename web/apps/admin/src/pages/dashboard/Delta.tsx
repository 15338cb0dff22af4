import { useFormats, useTranslation } from "@kassa/i18n";
import { cn } from "@kassa/ui";
import { ArrowDown, ArrowUp } from "lucide-react";

/** How a number changed against the period before; growth of a cost is no good news. */
export function Delta({ now, before, isBad = false }: { now: number; before: number; isBad?: boolean }) {
  const { t } = useTranslation();
  const { percent } = useFormats();
  if (now === before) return <span className="text-[13px] text-ink-faint">{t("dash.same")}</span>;
  if (before === 0) return <span className="text-[13px] text-ink-faint">{t("dash.was_zero")}</span>;
  const change = (now - before) / Math.abs(before);
  const Arrow = change > 0 ? ArrowUp : ArrowDown;
  return (
    <span className={cn("inline-flex items-center gap-0.5 text-[13px] font-medium", change > 0 === isBad ? "text-bad" : "text-good")}>
      <Arrow aria-hidden className="size-3.5" />
      <span className="sr-only">{change > 0 ? t("dash.up") : t("dash.down")} </span>
      {percent(Math.abs(change))}
    </span>
  );
}

/** A number with its name and its change. */
export function Compared({ label, now, before, shown, isBad }: { label: string; now: number; before: number; shown?: string; isBad?: boolean }) {
  const { number } = useFormats();
  return (
    <div className="min-w-0">
      <div className="text-[13px] text-ink-soft">{label}</div>
      <div className="figures mt-0.5 text-[22px] leading-tight font-semibold tracking-tight">{shown ?? number(now)}</div>
      <div className="mt-0.5"><Delta now={now} before={before} isBad={isBad} /></div>
    </div>
  );
}
