import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge } from "@kassa/ui";
import type { Column, Filter } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { Status } from "../../parts/Status";
import { CustomerLink, Money } from "./parts";

export type Sale = Row<"/api/v1/admin/payments">;

export const PAYMENT_STATUSES = ["pending", "succeeded", "failed", "review", "refunded", "partially_refunded"];
export const PROVIDERS = ["yookassa", "paddle", "ton", "stars"];

/** The columns of orders with their payments, wherever they are shown. */
export function useSaleColumns(): Column<Sale>[] {
  const { t } = useTranslation();
  const { no } = useFormats();
  return [
    { id: "number", label: t("sale.order"), cell: (sale) => <span className="figures flex items-center gap-2 whitespace-nowrap">{no(sale.number)}{sale.is_test && <Badge hasDot={false}>{t("sale.test")}</Badge>}</span> },
    { id: "customer", label: t("subject.customer"), cell: (sale) => <CustomerLink id={sale.customer_id} name={sale.customer_name} number={sale.customer_number} /> },
    { id: "plan", label: t("subject.plan"), cell: (sale) => sale.plan },
    { id: "provider", label: t("sale.provider"), cell: (sale) => t(`provider.${sale.provider}`, { defaultValue: sale.provider }) },
    { id: "status", label: t("sale.payment"), cell: (sale) => <Status value={sale.payment_status} /> },
    { id: "order_status", label: t("sale.order_status"), cell: (sale) => <Status value={sale.status} />, isExtra: true },
    { id: "amount", label: t("sale.amount"), cell: (sale) => <span className="font-medium"><Money of={sale.amount} /></span>, isNumber: true },
    { id: "refunded", label: t("sale.refunded"), cell: (sale) => (sale.refunded_units > 0 ? <Money of={{ units: sale.refunded_units, asset: sale.amount.asset }} /> : "—"), isNumber: true, isExtra: true },
    { id: "created", label: t("sale.created"), cell: (sale) => <Moment at={sale.created_at} />, isNumber: true },
    { id: "paid", label: t("sale.paid"), cell: (sale) => <Moment at={sale.paid_at} />, isNumber: true, isExtra: true },
  ];
}

/** How orders are narrowed. */
export function useSaleFilters(): Filter[] {
  const { t } = useTranslation();
  return [
    { name: "status", label: t("staff.status"), kind: "choice", choices: PAYMENT_STATUSES.map((value) => ({ value, label: t(`status.${value}`) })) },
    { name: "provider", label: t("sale.provider"), kind: "choice", choices: PROVIDERS.map((value) => ({ value, label: t(`provider.${value}`) })) },
    { name: "plan", label: t("subject.plan"), kind: "text", placeholder: "tokens-7d-150k" },
    { name: "period", label: t("sale.created"), kind: "period", from: "since", until: "until" },
  ];
}
