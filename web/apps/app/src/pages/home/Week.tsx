import { Link } from "wouter";
import { useI18n } from "../../app/i18n";
import { dayList, useUsage } from "../usage/useUsage";

/** The last seven days of requests, a bar each. */
export function Week() {
  const { t, format } = useI18n();
  const usage = useUsage(7);
  if (!usage.data?.requests) return null;
  const days = dayList(usage.data.days, 7);
  const most = Math.max(...days.map((day) => day.charged_tokens), 1);
  return (
    <Link href="/usage" className="tap grid gap-3 rounded-3xl bg-sheet p-4 shadow-[0_1px_2px_rgb(var(--shadow)/0.05)] hover:bg-hover">
      <span className="flex items-baseline justify-between gap-3">
        <span className="font-semibold">{t("usage.week")}</span>
        <span className="text-[15px] text-ink-soft">{t("usage.requests", { count: usage.data.requests })}</span>
      </span>
      <span aria-hidden className="flex h-16 items-end gap-1.5">
        {days.map((day) => (
          <span key={day.day} className="grid flex-1 justify-items-center gap-1 text-[11px] text-ink-soft">
            <span className={day.requests ? "w-full rounded-md bg-brand" : "w-full rounded-md bg-mute-soft"} style={{ height: `${Math.max(4, (day.charged_tokens / most) * 44)}px` }} />
            {format.weekday(day.day)}
          </span>
        ))}
      </span>
    </Link>
  );
}
