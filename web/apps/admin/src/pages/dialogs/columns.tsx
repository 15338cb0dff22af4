import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import type { Column } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { Status } from "../../parts/Status";
import { CustomerLink, Money } from "../money/parts";

export type Dialog = Row<"/api/v1/admin/dialogs">;

/** The columns of questions to models, wherever they are shown. */
export function useDialogColumns(): Column<Dialog>[] {
  const { t } = useTranslation();
  const { number } = useFormats();
  return [
    { id: "question", label: t("dialog.question"), cell: (row) => <span className="line-clamp-1 max-w-96">{row.question ?? t("dialog.hidden")}</span> },
    { id: "customer", label: t("subject.customer"), cell: (row) => <CustomerLink id={row.customer.id} name={row.customer.name} number={row.customer.number} /> },
    { id: "model", label: t("dialog.model"), cell: (row) => row.model },
    { id: "status", label: t("staff.status"), cell: (row) => <Status value={row.status} /> },
    { id: "tokens", label: t("dialog.price"), cell: (row) => <span className="figures">{number(row.tokens)}</span>, isNumber: true },
    { id: "cost", label: t("dialog.cost"), cell: (row) => <Money of={row.cost} />, isNumber: true, isExtra: true },
    { id: "at", label: t("audit.when"), cell: (row) => <Moment at={row.created_at} />, isNumber: true },
  ];
}
