import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button } from "@kassa/ui";
import { Plus } from "lucide-react";
import { useState } from "react";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Status } from "../../parts/Status";
import { NewPlanDialog } from "./NewPlanDialog";

type Plan = Row<"/api/v1/admin/plans">;

/** What is for sale, and for how much. */
export default function Plans() {
  const { t, i18n } = useTranslation();
  const { money, number } = useFormats();
  const [isAdding, setAdding] = useState(false);
  const columns: Column<Plan>[] = [
    { id: "name", label: t("subject.plan"), cell: (plan) => <span><span className="block">{plan.terms.names[i18n.language] ?? plan.terms.names.en ?? plan.slug}</span><span className="block font-mono text-[13px] font-normal text-ink-faint">{plan.slug}</span></span> },
    { id: "kind", label: t("plan.kind"), cell: (plan) => t(`plan_kind.${plan.terms.kind}`) },
    { id: "prices", label: t("plan.prices"), cell: (plan) => <span className="figures">{Object.entries(plan.terms.prices).map(([asset, units]) => money({ units, asset })).join(" · ")}</span> },
    { id: "tokens", label: t("plan.tokens"), cell: (plan) => (plan.terms.tokens ? number(plan.terms.tokens) : "—"), isNumber: true },
    { id: "days", label: t("plan.days"), cell: (plan) => plan.terms.days ?? "∞", isNumber: true },
    { id: "version", label: t("plan.version"), cell: (plan) => plan.version, isNumber: true, isExtra: true },
    { id: "state", label: t("staff.status"), cell: (plan) => (plan.is_active ? <Status value="on_sale" tone="good" /> : <Badge>{t("status.archived")}</Badge>) },
  ];
  return (
    <>
      <ListPage
        path="/api/v1/admin/plans"
        title={t("page.plans")}
        description={t("plan.about")}
        columns={columns}
        rowKey={(plan) => plan.slug}
        linkTo={(plan) => ({ to: `/plans/${plan.slug}` })}
        buttons={<Button look="primary" onClick={() => setAdding(true)}><Plus aria-hidden />{t("plan.add")}</Button>}
      />
      {isAdding && <NewPlanDialog onClose={() => setAdding(false)} />}
    </>
  );
}
