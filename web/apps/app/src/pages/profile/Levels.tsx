import { data } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { Check, Medal } from "lucide-react";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api } from "../../app/session";
import { cn } from "../../ui/cn";
import { Badge, Skeleton } from "../../ui/States";

/** What one may reach, by what, and what it brings. */
export default function Levels() {
  const { t, format, locale } = useI18n();
  const query = useQuery({ queryKey: ["levels", locale], queryFn: () => data(api.GET("/api/v1/billing/levels", { params: { query: { locale } } })).then((page) => page.items) });
  return (
    <Screen title={t("levels.title")} back="/profile" onRefresh={query.refetch}>
      <p className="px-1 text-ink-soft">{t("levels.about")}</p>
      {query.isPending && <Skeleton rows={4} className="h-28 rounded-3xl" />}
      {query.isError && <LoadFailed error={query.error} onRetry={() => void query.refetch()} />}
      <ol className="grid gap-3">
        {query.data?.map((level) => {
          const needs = [
            level.spent_units > 0 && t("levels.spent", { sum: format.money({ units: level.spent_units, asset: "RUB" }) }),
            level.referrals > 0 && t("levels.referrals", { count: level.referrals }),
            level.days > 0 && t("levels.days", { count: level.days }),
          ].filter(Boolean);
          const brings = [
            level.discount_percent > 0 && t("levels.discount", { percent: level.discount_percent }),
            level.bonus_percent > 0 && t("levels.bonus", { percent: level.bonus_percent }),
            t(`levels.tier.${level.rate_tier}`),
          ].filter(Boolean);
          return (
            <li key={level.key} aria-current={level.is_mine || undefined} className={cn("grid gap-2 rounded-3xl bg-sheet p-4", level.is_mine && "ring-2 ring-brand")}>
              <p className="flex items-center gap-2.5"><Medal aria-hidden className="size-5 text-brand-text" /><span className="flex-1 text-[18px] font-semibold">{level.name}</span>{level.is_mine && <Badge tone="good">{t("levels.yours")}</Badge>}</p>
              <p className="text-[15px] text-ink-soft">{needs.length ? needs.join(" · ") : t("levels.everybody")}</p>
              <ul className="grid gap-1 text-[15px]">{brings.map((line) => <li key={String(line)} className="flex gap-2"><Check aria-hidden className="mt-0.5 size-4.5 shrink-0 text-good" />{line}</li>)}</ul>
            </li>
          );
        })}
      </ol>
    </Screen>
  );
}
