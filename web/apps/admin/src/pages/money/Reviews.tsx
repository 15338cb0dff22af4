import type { Row, Schema } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Facts } from "@kassa/ui";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { PageLink } from "../../app/nav";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { Moment } from "../../parts/Moment";
import { CustomerLink } from "./parts";

type Case = Row<"/api/v1/admin/reviews">;

const DECISIONS: Schema["Decision"][] = ["give", "returned", "keep"];

/** Money that does not fit: late, too little, too much. A person decides. */
export default function Reviews() {
  const { t } = useTranslation();
  const { no } = useFormats();
  const [danger, setDanger] = useState<Danger | null>(null);
  const columns: Column<Case>[] = [
    { id: "kind", label: t("review.what"), cell: (row) => t(`review_kind.${row.kind}`, { defaultValue: row.kind }) },
    { id: "order", label: t("sale.order"), cell: (row) => <PageLink to={`/payments/${row.order_id}`} className="figures relative z-10 hover:underline">{no(row.order_number)}</PageLink> },
    { id: "customer", label: t("subject.customer"), cell: (row) => <CustomerLink id={row.customer_id} /> },
    { id: "provider", label: t("sale.provider"), cell: (row) => t(`provider.${row.provider}`, { defaultValue: row.provider }) },
    { id: "state", label: t("staff.status"), cell: (row) => <State row={row} /> },
    { id: "at", label: t("audit.when"), cell: (row) => <Moment at={row.created_at} />, isNumber: true },
  ];
  return (
    <>
      <ListPage
        path="/api/v1/admin/reviews"
        title={t("page.reviews")}
        description={t("review.about")}
        columns={columns}
        filters={[{ name: "is_open", label: t("staff.status"), kind: "choice", choices: [{ value: "true", label: t("review.open") }, { value: "false", label: t("review.resolved") }] }]}
        detail={{ title: (row) => t(`review_kind.${row.kind}`, { defaultValue: row.kind }), content: (row) => <CaseDetail row={row} onDecide={setDanger} /> }}
        emptyHint={t("review.none")}
      />
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}

function State({ row }: { row: Case }) {
  const { t } = useTranslation();
  return <Badge tone={row.resolved_at ? "good" : "warn"}>{row.resolved_at ? t("review.resolved") : t("review.open")}</Badge>;
}

function CaseDetail({ row, onDecide }: { row: Case; onDecide(danger: Danger): void }) {
  const { t } = useTranslation();
  const { no } = useFormats();
  const mayDecide = useCan()("billing.reviews.resolve");
  const facts = Object.entries(row.facts).map(([name, value]): [string, string] => [t(`fact.${name}`, { defaultValue: name }), typeof value === "object" ? JSON.stringify(value) : String(value)]);
  return (
    <div className="grid gap-5">
      <Facts
        items={[
          [t("staff.status"), <State key="state" row={row} />],
          [t("sale.order"), <PageLink key="order" to={`/payments/${row.order_id}`} className="text-brand-text underline underline-offset-4">{no(row.order_number)}</PageLink>],
          [t("subject.customer"), <CustomerLink key="customer" id={row.customer_id} />],
          [t("audit.when"), <Moment key="at" at={row.created_at} isExact />],
          ...facts,
        ]}
      />
      {mayDecide && !row.resolved_at && (
        <section className="grid gap-3">
          <h3 className="font-semibold">{t("review.decide")}</h3>
          {DECISIONS.map((decision) => (
            <div key={decision} className="flex items-start justify-between gap-4 rounded-md border border-line p-3">
              <div><div className="font-medium">{t(`decision.${decision}`)}</div><div className="text-[13px] text-ink-soft">{t(`decision_text.${decision}`)}</div></div>
              <Button size="sm" onClick={() => onDecide({ title: t(`decision.${decision}`), consequence: t(`decision_text.${decision}`), confirm: t("review.confirm"), done: t("review.done"), isHarmless: decision !== "give", run: (reason) => api.POST("/api/v1/admin/reviews/{review_id}/resolve", { params: { path: { review_id: row.id } }, body: { decision, reason } }) })}>{t("review.choose")}</Button>
            </div>
          ))}
        </section>
      )}
    </div>
  );
}
