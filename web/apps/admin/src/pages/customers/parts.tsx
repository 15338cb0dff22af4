import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { cn } from "@kassa/ui";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { useAuditColumns } from "../audit/columns";
import { EntryDetail } from "../audit/EntryDetail";
import { useDialogColumns } from "../dialogs/columns";
import { DialogDetail } from "../dialogs/DialogDetail";
import { useSaleColumns } from "../money/columns";

type Movement = Row<"/api/v1/admin/customers/{customer_id}/movements">;

const without = <T extends { id: string }>(columns: T[], ...ids: string[]) => columns.filter((column) => !ids.includes(column.id));

/** What one customer has bought and how they paid. */
export function CustomerSales({ id }: { id: string }) {
  const { t } = useTranslation();
  return <ListPage isPart path="/api/v1/admin/payments" title={t("page.payments")} fixed={{ customer_id: id }} columns={without(useSaleColumns(), "customer")} linkTo={(sale) => ({ to: `/payments/${sale.id}` })} />;
}

/** Every entry of their token account. */
export function CustomerMovements({ id }: { id: string }) {
  const { t } = useTranslation();
  const { money } = useFormats();
  const columns: Column<Movement>[] = [
    { id: "kind", label: t("movement.what"), cell: (row) => t(`movement_kind.${row.kind}`, { defaultValue: row.kind }) },
    { id: "units", label: t("tokens.amount"), cell: (row) => <span className={cn("figures", row.units > 0 && "text-good")}>{row.units > 0 && "+"}{money(row)}</span>, isNumber: true },
    { id: "reference", label: t("movement.reference"), cell: (row) => <span className="font-mono text-[13px] break-all text-ink-soft">{row.reference}</span>, isExtra: true, isWide: true },
    { id: "at", label: t("audit.when"), cell: (row) => <Moment at={row.created_at} />, isNumber: true },
  ];
  return <ListPage isPart path="/api/v1/admin/customers/{customer_id}/movements" at={{ customer_id: id }} title={t("customer.movements")} columns={columns} rowKey={(row) => String(row.id)} />;
}

/** What they asked. */
export function CustomerDialogs({ id }: { id: string }) {
  const { t } = useTranslation();
  return <ListPage isPart path="/api/v1/admin/dialogs" title={t("page.dialogs")} fixed={{ customer_id: id }} columns={without(useDialogColumns(), "customer")} detail={{ title: (row) => row.model, content: (row) => <DialogDetail row={row} /> }} />;
}

/** What staff did about them. */
export function CustomerHistory({ id }: { id: string }) {
  const { t } = useTranslation();
  return <ListPage isPart path="/api/v1/admin/audit" title={t("page.audit")} fixed={{ subject_id: id }} columns={without(useAuditColumns(), "subject")} detail={{ title: (entry) => t(`audit_action.${entry.action}`, { defaultValue: entry.action }), content: (entry) => <EntryDetail entry={entry} /> }} />;
}
