import { useFormats, useTranslation } from "@kassa/i18n";
import { Card } from "@kassa/ui";
import type { ReactNode } from "react";
import { PageLink } from "../../app/nav";
import type { Stats } from "./Dashboard";

/** Which models, plans and providers make up the figures. */
export function Breakdown({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const { number, money } = useFormats();
  const usd = (micro: number | null) => (micro === null ? "—" : number(micro / 1e6, { style: "currency", currency: "USD", maximumFractionDigits: 2 }));
  const seconds = (ms: number) => t("dialog.seconds", { seconds: number(ms / 1000, { maximumFractionDigits: 1 }) });
  return (
    <>
      <Figures
        title={t("dash.by_model")}
        heads={[t("dialog.model"), t("dash.requests_n"), t("dash.errors"), t("dash.charged"), t("dash.ai_cost"), t("dash.cost_per_million"), t("dash.p95")]}
        rows={stats.models.map((model) => [
          <PageLink key="model" to={`/models/${model.model}`} className="font-medium hover:underline">{model.model}</PageLink>,
          number(model.requests), number(model.failed), number(model.charged_tokens), usd(model.cost_micro_usd), usd(model.cost_per_million_tokens_micro_usd), seconds(model.latency_p95_ms),
        ])}
      />
      <div className="grid gap-5 lg:grid-cols-2">
        <Figures
          title={t("dash.by_plan")}
          heads={[t("subject.plan"), t("dash.orders"), t("dash.revenue")]}
          rows={stats.plans.map((plan) => [<PageLink key="plan" to={`/plans/${plan.plan}`} className="font-medium hover:underline">{plan.plan}</PageLink>, number(plan.orders), money({ units: plan.units, asset: plan.asset })])}
        />
        <Figures
          title={t("dash.by_provider")}
          heads={[t("sale.provider"), t("dash.paid_n"), t("dash.failed_n"), t("dash.came"), t("dash.refunds")]}
          rows={stats.providers.map((one) => [<span key="provider" className="font-medium">{t(`provider.${one.provider}`, { defaultValue: one.provider })}</span>, number(one.succeeded), number(one.failed), money({ units: one.units, asset: one.asset }), money({ units: one.refunded, asset: one.asset })])}
        />
      </div>
    </>
  );
}

function Figures({ title, heads, rows }: { title: string; heads: string[]; rows: ReactNode[][] }) {
  const { t } = useTranslation();
  return (
    <Card title={title} isFlush>
      {rows.length === 0 ? <p className="px-4 py-8 text-center text-ink-soft">{t("dash.nothing")}</p> : (
        <div className="scroll-quiet overflow-x-auto" tabIndex={0} role="region" aria-label={title}>
          <table className="w-full text-left">
            <thead><tr className="text-[13px] text-ink-faint">{heads.map((head, index) => <th key={head} scope="col" className={index ? "h-10 px-3 text-right font-medium whitespace-nowrap last:pr-4" : "h-10 px-4 font-medium"}>{head}</th>)}</tr></thead>
            <tbody>{rows.map((cells, row) => <tr key={row} className="border-t border-line">{cells.map((cell, index) => <td key={index} className={index ? "h-10 px-3 text-right whitespace-nowrap last:pr-4" : "h-10 px-4 whitespace-nowrap"}>{cell}</td>)}</tr>)}</tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
