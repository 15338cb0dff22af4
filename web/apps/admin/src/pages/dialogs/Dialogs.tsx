import { useTranslation } from "@kassa/i18n";
import { ListPage } from "../../list/ListPage";
import { useDialogColumns } from "./columns";
import { DialogDetail } from "./DialogDetail";

/** Who asked which model, when, for how much, and how it ended. */
export default function Dialogs() {
  const { t } = useTranslation();
  return (
    <ListPage
      path="/api/v1/admin/dialogs"
      title={t("page.dialogs")}
      description={t("dialog.about")}
      columns={useDialogColumns()}
      filters={[
        { name: "status", label: t("staff.status"), kind: "choice", choices: ["done", "failed", "stopped", "running"].map((value) => ({ value, label: t(`status.${value}`) })) },
        { name: "model", label: t("dialog.model"), kind: "text" },
        { name: "period", label: t("audit.when"), kind: "period", from: "since", until: "until" },
      ]}
      detail={{ title: (row) => row.model, content: (row) => <DialogDetail row={row} /> }}
    />
  );
}
