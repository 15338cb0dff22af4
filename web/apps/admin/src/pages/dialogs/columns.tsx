import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge } from "@kassa/ui";
import type { Column, Filter } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { Status } from "../../parts/Status";
import { CustomerLink } from "../money/parts";

export type Question = Row<"/api/v1/admin/dialogs">;

/** What models cost us is in millionths of a dollar. */
export function useCost(): (microUsd: number | null | undefined) => string {
  const { number } = useFormats();
  return (microUsd) => (microUsd === null || microUsd === undefined ? "—" : number(microUsd / 1e6, { style: "currency", currency: "USD", maximumFractionDigits: 4 }));
}

/** The columns of questions to models, wherever they are shown. */
export function useDialogColumns(): Column<Question>[] {
  const { t } = useTranslation();
  const { number, no } = useFormats();
  const cost = useCost();
  return [
    { id: "question", label: t("dialog.question"), cell: (row) => <span className="line-clamp-1 max-w-96">{row.question ?? <span className="font-normal text-ink-soft">{no(row.number)}</span>}</span> },
    { id: "customer", label: t("subject.customer"), cell: (row) => <CustomerLink id={row.customer_id} name={row.customer_name} number={row.customer_number} /> },
    { id: "model", label: t("dialog.model"), cell: (row) => <span className="flex items-center gap-2">{row.model}{row.is_cached && <Badge hasDot={false}>{t("dialog.cached")}</Badge>}</span> },
    { id: "status", label: t("staff.status"), cell: (row) => <Status value={row.status} /> },
    { id: "tokens", label: t("dialog.price"), cell: (row) => <span className="figures">{number(row.charged_tokens)}</span>, isNumber: true },
    { id: "cost", label: t("dialog.cost"), cell: (row) => <span className="figures">{cost(row.cost_micro_usd)}</span>, isNumber: true },
    { id: "latency", label: t("dialog.latency"), cell: (row) => (row.latency_ms === null ? "—" : t("dialog.seconds", { seconds: number(row.latency_ms / 1000, { maximumFractionDigits: 1 }) })), isNumber: true, isExtra: true },
    { id: "at", label: t("audit.when"), cell: (row) => <Moment at={row.created_at} />, isNumber: true },
  ];
}

export const QUESTION_STATUSES = ["queued", "running", "answered", "stopped", "failed"];

/** How questions are narrowed. */
export function useDialogFilters(): Filter[] {
  const { t } = useTranslation();
  return [
    { name: "status", label: t("staff.status"), kind: "choice", choices: QUESTION_STATUSES.map((value) => ({ value, label: t(`question_status.${value}`) })) },
    { name: "model", label: t("dialog.model"), kind: "text", placeholder: "chatgpt-4-omni" },
  ];
}
