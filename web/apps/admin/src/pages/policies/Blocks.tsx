import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Button, MenuItem } from "@kassa/ui";
import { Ban, Undo2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { Moment } from "../../parts/Moment";
import { CustomerLink } from "../money/parts";
import { BlockDialog } from "./BlockDialog";

type Block = Row<"/api/v1/admin/blocks">;

/** Customers and addresses that get no service: why, until when, and by whom. */
export default function Blocks() {
  const { t } = useTranslation();
  const can = useCan();
  const [isAdding, setAdding] = useState(false);
  const [danger, setDanger] = useState<Danger | null>(null);
  const mayEdit = can("identity.customers.ban") || can("policies.edit");
  const columns: Column<Block>[] = [
    { id: "who", label: t("block.who"), cell: (row) => (row.customer_id ? <CustomerLink id={row.customer_id} /> : <span className="font-mono text-[13px]">{row.network}</span>) },
    { id: "reason", label: t("danger.reason"), cell: (row) => <span className="line-clamp-2">{row.reason}</span> },
    { id: "by", label: t("block.by"), cell: (row) => (row.rule ? t("block.by_rule", { rule: row.rule }) : t("actor.staff")) },
    { id: "state", label: t("staff.status"), cell: (row) => <Badge tone={row.is_live ? "bad" : "mute"}>{row.is_live ? t("block.live") : t("block.over")}</Badge> },
    { id: "until", label: t("block.until"), cell: (row) => (row.until ? <Moment at={row.until} isExact /> : t("customer.forever")), isNumber: true },
    { id: "at", label: t("block.since"), cell: (row) => <Moment at={row.created_at} />, isNumber: true },
    { id: "lifted", label: t("block.lift_reason"), cell: (row) => row.lift_reason || "—", isExtra: true, isWide: true },
  ];
  const lift = (row: Block): Danger => ({
    title: t("block.lift_title"),
    consequence: t("block.lift_text"),
    confirm: t("block.lift"),
    done: t("block.lifted"),
    isHarmless: true,
    run: (reason) => api.POST("/api/v1/admin/blocks/{block_id}/lift", { params: { path: { block_id: row.id } }, body: { reason } }),
  });
  return (
    <>
      <ListPage
        path="/api/v1/admin/blocks"
        title={t("page.blocks")}
        description={t("block.about")}
        columns={columns}
        filters={[
          { name: "live", label: t("staff.status"), kind: "choice", choices: [{ value: "true", label: t("block.live") }, { value: "false", label: t("block.over") }] },
          { name: "network", label: t("policy.address"), kind: "text", placeholder: "203.0.113.0/24" },
        ]}
        buttons={mayEdit && <Button look="primary" onClick={() => setAdding(true)}><Ban aria-hidden />{t("block.add")}</Button>}
        actions={mayEdit ? (row) => row.is_live && <MenuItem icon={<Undo2 />} onSelect={() => setDanger(lift(row))}>{t("block.lift")}</MenuItem> : undefined}
        emptyHint={t("block.none")}
      />
      {isAdding && <BlockDialog onClose={() => setAdding(false)} />}
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}
