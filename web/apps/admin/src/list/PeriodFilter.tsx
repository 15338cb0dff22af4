import { useFormats, useTranslation } from "@kassa/i18n";
import { Button, Field, Input, Popover } from "@kassa/ui";
import { FilterButton } from "./FilterBar";

const DAYS = [1, 7, 30, 90];

const today = (before = 0) => {
  const day = new Date(Date.now() - before * 86_400_000);
  return new Date(day.getTime() - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

/** From one day to another, both included. */
export function PeriodFilter({ label, from, until, onChange }: { label: string; from?: string; until?: string; onChange(from: string | undefined, until: string | undefined): void }) {
  const { t } = useTranslation();
  const { day } = useFormats();
  const chosen = from || until ? `${from ? day(`${from}T00:00`) : "…"} – ${until ? day(`${until}T00:00`) : t("list.today")}` : undefined;
  return (
    <Popover label={label} trigger={<FilterButton label={label} chosen={chosen} />}>
      <div className="mb-3 flex flex-wrap gap-1.5">
        {DAYS.map((days) => <Button key={days} size="sm" onClick={() => onChange(today(days - 1), undefined)}>{days === 1 ? t("list.today") : t("list.days", { count: days })}</Button>)}
      </div>
      <div className="grid gap-3">
        <Field label={t("list.from")}><Input type="date" value={from ?? ""} max={until} onChange={(event) => onChange(event.target.value || undefined, until)} /></Field>
        <Field label={t("list.until")}><Input type="date" value={until ?? ""} min={from} onChange={(event) => onChange(from, event.target.value || undefined)} /></Field>
      </div>
    </Popover>
  );
}
