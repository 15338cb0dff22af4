import { useTranslation } from "@kassa/i18n";
import { Button, Menu, MenuCheck, MenuLabel } from "@kassa/ui";
import { Columns3 } from "lucide-react";
import type { Column } from "./types";

/** Chooses the columns of a table; the first one always stays. */
export function ColumnsMenu<T>({ columns, hidden, onToggle }: { columns: Column<T>[]; hidden: string[]; onToggle(id: string): void }) {
  const { t } = useTranslation();
  return (
    <Menu trigger={<Button look="quiet" size="icon" aria-label={t("list.columns")} title={t("list.columns")}><Columns3 aria-hidden /></Button>}>
      <MenuLabel>{t("list.columns")}</MenuLabel>
      {columns.slice(1).map((column) => <MenuCheck key={column.id} checked={!hidden.includes(column.id)} onChange={() => onToggle(column.id)}>{column.label}</MenuCheck>)}
    </Menu>
  );
}
