import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Code, Facts } from "@kassa/ui";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { CustomerLink } from "../money/parts";
import { Explanation } from "./Explanation";

type Refusal = Row<"/api/v1/admin/policies/refusals">;

const REASONS = ["limit_reached", "denied", "too_large", "blocked"];

/** Who was refused what, by which rule, and why. */
export function Refusals() {
  const { t } = useTranslation();
  const columns: Column<Refusal>[] = [
    { id: "action", label: t("audit.action"), cell: (row) => <span className="font-mono text-[13px]">{row.action}</span> },
    { id: "rule", label: t("policy.rule"), cell: (row) => row.rule || "—" },
    { id: "reason", label: t("danger.reason"), cell: (row) => <Badge tone="warn">{t(`refusal.${row.reason}`, { defaultValue: row.reason })}</Badge> },
    { id: "who", label: t("audit.actor"), cell: (row) => (row.customer_id ? <CustomerLink id={row.customer_id} /> : <span className="font-mono text-[13px]">{row.ip || "—"}</span>) },
    { id: "times", label: t("policy.times"), cell: (row) => row.times, isNumber: true },
    { id: "last", label: t("audit.when"), cell: (row) => <Moment at={row.last_at} />, isNumber: true },
  ];
  return (
    <ListPage
      isPart
      path="/api/v1/admin/policies/refusals"
      title={t("policy.refusals")}
      columns={columns}
      filters={[
        { name: "reason", label: t("danger.reason"), kind: "choice", choices: REASONS.map((value) => ({ value, label: t(`refusal.${value}`) })) },
        { name: "rule", label: t("policy.rule"), kind: "text" },
        { name: "ip", label: t("policy.address"), kind: "text" },
      ]}
      detail={{ title: (row) => `${row.action} · ${row.rule}`, content: (row) => <RefusalDetail row={row} /> }}
      emptyHint={t("policy.no_refusals")}
    />
  );
}

function RefusalDetail({ row }: { row: Refusal }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-5">
      <Facts
        items={[
          [t("policy.rule"), row.rule || "—"],
          [t("danger.reason"), t(`refusal.${row.reason}`, { defaultValue: row.reason })],
          [t("policy.told"), row.text || "—"],
          [t("policy.limit"), row.limit || "—"],
          [t("policy.reset"), <Moment key="reset" at={row.reset_at} isExact />],
          [t("policy.times"), row.times],
          [t("audit.when"), <Moment key="last" at={row.last_at} isExact />],
        ]}
      />
      <section><h3 className="mb-1.5 font-semibold">{t("policy.known")}</h3><Code label={t("policy.known")}>{JSON.stringify(row.subject, null, 2)}</Code></section>
      <section><h3 className="mb-2 font-semibold">{t("policy.now")}</h3><Explanation trial={{ action: "", refusal_id: row.id }} /></section>
    </div>
  );
}
