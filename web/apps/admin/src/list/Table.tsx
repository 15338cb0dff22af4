import { useTranslation } from "@kassa/i18n";
import { Button, cn, Menu } from "@kassa/ui";
import { Ellipsis } from "lucide-react";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import { PageLink, useGo } from "../app/nav";
import type { Search } from "../app/router";
import type { Column } from "./types";

export interface RowsProps<T> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowKey(row: T): string;
  linkTo?(row: T): { to: string; search?: Search };
  actions?(row: T): ReactNode;
  /** The rows are of the former filters; the new ones are on their way. */
  isOld?: boolean;
}

/** Rows under one another. The first cell is the link; arrows go from row to row. */
export function Table<T>({ label, rows, columns, rowKey, linkTo, actions, isOld }: RowsProps<T>) {
  const { t } = useTranslation();
  const go = useGo();
  const open = (event: MouseEvent, row: T) => {
    // Links, buttons and a selection of text keep their own meaning.
    if ((event.target as Element).closest("a,button,[role=menu]") || String(getSelection())) return;
    const target = linkTo?.(row);
    if (target) go(target.to, target.search);
  };
  return (
    <div className={cn("scroll-quiet relative overflow-x-auto transition-opacity", isOld && "opacity-50")} tabIndex={-1}>
      <table className="w-full border-collapse text-left" aria-label={label} onKeyDown={moveBetweenRows}>
        <thead>
          <tr className="border-b border-line text-[13px] text-ink-faint">
            {columns.map((column) => <th key={column.id} scope="col" className={cn("h-10 px-3 font-medium whitespace-nowrap first:pl-4 last:pr-4", column.isNumber && "text-right")}>{column.label}</th>)}
            {actions && <th className="w-0"><span className="sr-only">{t("list.actions")}</span></th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} onClick={(event) => open(event, row)} className={cn("border-b border-line transition-colors last:border-0 hover:bg-hover/70 focus-within:bg-hover/70", linkTo && "cursor-pointer")}>
              {columns.map((column, index) => (
                <td key={column.id} className={cn("h-12 max-w-80 px-3 py-1.5 first:pl-4 last:pr-4", column.isNumber && "text-right whitespace-nowrap", column.className)}>
                  {index === 0 && linkTo ? <PageLink {...linkTo(row)} data-row className="block rounded-sm font-medium">{column.cell(row)}</PageLink> : column.cell(row)}
                </td>
              ))}
              {actions && <td className="w-0 pr-2"><RowMenu>{actions(row)}</RowMenu></td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The menu of one row. */
export function RowMenu({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  if (!children) return null;
  return <Menu trigger={<Button look="quiet" size="icon-sm" aria-label={t("list.actions")}><Ellipsis aria-hidden /></Button>}>{children}</Menu>;
}

/** Arrows, J and K go from the link of one row to the next one's. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, KeyJ: 1, ArrowUp: -1, KeyK: -1 }[event.code];
  const here = (event.target as Element).closest("[data-row]");
  if (!step || !here || event.ctrlKey || event.metaKey) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const next = links[links.indexOf(here as HTMLElement) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
