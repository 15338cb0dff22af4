import { useFormats, useTranslation } from "@kassa/i18n";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import { useDialogColumns, useDialogFilters } from "./columns";
import { DialogDetail } from "./DialogDetail";

/** Who asked which model, when, for how much, and how it ended. */
export default function Dialogs() {
  const { t } = useTranslation();
  const { no } = useFormats();
  const mayRead = useCan()("ai_access.dialogs.read");
  return (
    <ListPage
      path="/api/v1/admin/dialogs"
      title={t("page.dialogs")}
      description={t("dialog.about")}
      searchHint={mayRead ? t("dialog.search") : undefined}
      columns={useDialogColumns()}
      filters={useDialogFilters()}
      detail={{ title: (row) => `${row.model} · ${no(row.number)}`, content: (row) => <DialogDetail row={row} /> }}
    />
  );
}
