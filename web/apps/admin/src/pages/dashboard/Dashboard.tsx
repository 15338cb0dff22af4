import { data, type Got } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Card, Segments, Skeleton } from "@kassa/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { api } from "../../app/api";
import { useSearchParams } from "../../app/nav";
import { Ask } from "../../parts/Ask";
import { PageHead } from "../../parts/PageHead";
import { Compared, Delta } from "./Delta";
import { Breakdown } from "./Breakdown";

const Chart = lazy(() => import("./Chart"));

export type Stats = Got<"/api/v1/admin/stats">;

const PERIODS = ["7", "30", "90", "365"] as const;
const REFRESH_MS = 15_000;

/** The business at a glance: money, customers, requests, what AI costs; each beside the period before. */
export default function Dashboard() {
  const { t } = useTranslation();
  const [search, change] = useSearchParams();
  const days = PERIODS.find((period) => period === search.days) ?? "30";
  const stats = useQuery({ queryKey: ["stats", days], queryFn: () => data(api.GET("/api/v1/admin/stats", { params: { query: { days: Number(days) } } })), refetchInterval: REFRESH_MS, placeholderData: keepPreviousData });
  return (
    <>
      <PageHead
        title={t("page.dashboard")}
        actions={<Segments label={t("dash.period")} value={days} onChange={(next) => change({ days: next === "30" ? undefined : next })} choices={PERIODS.map((value) => ({ value, label: t("list.days", { count: Number(value) }) }))} />}
      />
      <Ask query={stats} lines={12}>{(found) => <Figures stats={found} />}</Ask>
    </>
  );
}

function Figures({ stats }: { stats: Stats }) {
  return (
    <div className="grid gap-5">
      <div className="grid gap-5 xl:grid-cols-[2fr_1fr]">
        <Revenue stats={stats} />
        <People stats={stats} />
      </div>
      <div className="grid gap-5 lg:grid-cols-2">
        <Requests stats={stats} />
        <Tokens stats={stats} />
      </div>
      <Breakdown stats={stats} />
    </div>
  );
}

function Revenue({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const { money, compactMoney } = useFormats();
  const assets = Object.keys(stats.totals.revenue);
  const [chosen, setChosen] = useState<string>();
  const asset = chosen && assets.includes(chosen) ? chosen : (assets[0] ?? "RUB");
  const units = stats.totals.revenue[asset] ?? 0;
  return (
    <Card title={t("dash.revenue")} actions={assets.length > 1 && <Segments label={t("plan.currency")} value={asset} onChange={setChosen} choices={assets.map((value) => ({ value, label: value }))} />}>
      <div className="mb-4 flex flex-wrap items-end gap-x-8 gap-y-3">
        <div>
          <div className="figures text-[32px] leading-none font-semibold tracking-tight">{money({ units, asset })}</div>
          <div className="mt-2"><Delta now={units} before={stats.before.revenue[asset] ?? 0} /></div>
        </div>
        <Compared label={t("dash.orders")} now={stats.totals.orders} before={stats.before.orders} />
        <Compared label={t("dash.refunds")} now={stats.totals.refunds[asset] ?? 0} before={stats.before.refunds[asset] ?? 0} shown={money({ units: stats.totals.refunds[asset] ?? 0, asset })} isBad />
        <Compared label={t("dash.fees")} now={stats.totals.fees[asset] ?? 0} before={stats.before.fees[asset] ?? 0} shown={money({ units: stats.totals.fees[asset] ?? 0, asset })} isBad />
      </div>
      <Suspense fallback={<Skeleton className="h-82" />}>
        <Chart kind="area" height={330} label={t("dash.revenue_chart")} days={stats.days.map((day) => ({ day: day.day, values: [day.revenue[asset] ?? 0] }))} names={[t("dash.revenue")]} shown={(value) => money({ units: value, asset })} axis={(value) => compactMoney({ units: value, asset })} />
      </Suspense>
    </Card>
  );
}

function People({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const { number, percent } = useFormats();
  const { totals, before } = stats;
  const converted = totals.new_customers ? totals.first_purchases / totals.new_customers : 0;
  return (
    <Card title={t("page.customers")}>
      <div className="grid grid-cols-2 gap-x-6 gap-y-5">
        <Compared label={t("dash.new")} now={totals.new_customers} before={before.new_customers} />
        <Compared label={t("dash.paying")} now={totals.paying_customers} before={before.paying_customers} />
        <Compared label={t("dash.first")} now={totals.first_purchases} before={before.first_purchases} />
        <div><div className="text-[13px] text-ink-soft">{t("dash.conversion")}</div><div className="figures mt-0.5 text-[22px] leading-tight font-semibold">{percent(converted)}</div></div>
      </div>
      <h3 className="mt-5 border-t border-line pt-4 text-[13px] font-medium">{t("dash.active")}</h3>
      <div className="mt-2 grid grid-cols-3 gap-4">
        {([[t("dash.active_day"), stats.active_day], [t("dash.active_week"), stats.active_week], [t("dash.active_month"), stats.active_month]] as const).map(([label, value]) => (
          <div key={label}><div className="text-[13px] text-ink-soft">{label}</div><div className="figures mt-0.5 text-lg font-semibold">{number(value)}</div></div>
        ))}
      </div>
      <div className="mt-5 border-t border-line pt-4">
        <Suspense fallback={<Skeleton className="h-24" />}>
          <Chart kind="bars" height={112} label={t("dash.new_chart")} days={stats.days.map((day) => ({ day: day.day, values: [day.new_customers] }))} names={[t("dash.new")]} shown={(value) => number(value)} />
        </Suspense>
        <p className="mt-2 text-[13px] text-ink-faint">{t("dash.customers_total", { amount: number(stats.customers) })}</p>
      </div>
    </Card>
  );
}

function Requests({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const { number, percent } = useFormats();
  const { totals, before } = stats;
  const share = (period: Stats["totals"]) => (period.requests ? period.failed_requests / period.requests : 0);
  return (
    <Card title={t("dash.requests")}>
      <div className="mb-4 flex flex-wrap gap-x-8 gap-y-3">
        <Compared label={t("dash.asked")} now={totals.requests} before={before.requests} />
        <Compared label={t("dash.errors")} now={share(totals)} before={share(before)} shown={percent(share(totals))} isBad />
      </div>
      <Suspense fallback={<Skeleton className="h-44" />}>
        <Chart kind="stack" height={176} label={t("dash.requests_chart")} days={stats.days.map((day) => ({ day: day.day, values: [day.requests - day.failed_requests, day.failed_requests] }))} names={[t("dash.answered"), t("dash.failed")]} shown={(value) => number(value)} />
      </Suspense>
    </Card>
  );
}

function Tokens({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const { number, compact } = useFormats();
  const { totals, before } = stats;
  const usd = (micro: number) => number(micro / 1e6, { style: "currency", currency: "USD", maximumFractionDigits: 2 });
  return (
    <Card title={t("dash.tokens")}>
      <div className="mb-4 flex flex-wrap gap-x-8 gap-y-3">
        <Compared label={t("dash.issued")} now={totals.tokens_issued} before={before.tokens_issued} shown={compact(totals.tokens_issued)} />
        <Compared label={t("dash.used")} now={totals.tokens_used} before={before.tokens_used} shown={compact(totals.tokens_used)} />
        <Compared label={t("dash.ai_cost")} now={totals.ai_cost_micro_usd} before={before.ai_cost_micro_usd} shown={usd(totals.ai_cost_micro_usd)} isBad />
      </div>
      <Suspense fallback={<Skeleton className="h-44" />}>
        <Chart kind="area" height={176} tone={1} label={t("dash.tokens_chart")} days={stats.days.map((day) => ({ day: day.day, values: [day.tokens_used] }))} names={[t("dash.used")]} shown={(value) => number(value)} axis={compact} />
      </Suspense>
      <p className="mt-2 text-[13px] text-ink-faint">{t("dash.unspent", { amount: number(stats.unspent_tokens) })}</p>
    </Card>
  );
}
