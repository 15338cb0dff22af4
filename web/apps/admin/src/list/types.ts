import type { ListPath, Row } from "@kassa/api";
import type { ReactNode } from "react";
import type { Search } from "../app/router";

export interface Column<T> {
  id: string;
  label: string;
  cell(row: T): ReactNode;
  /** Numbers stand at the end, so that their digits are under one another. */
  isNumber?: boolean;
  /** Shown only to whoever asks for it in the menu of columns. */
  isExtra?: boolean;
  /** Left out of the cards of a phone. */
  isWide?: boolean;
  className?: string;
}

export interface Choice {
  value: string;
  label: string;
}

/** Narrows a list; its name is the parameter of the API and of the address. */
export type Filter =
  | { name: string; label: string; kind: "choice"; choices: Choice[] }
  | { name: string; label: string; kind: "text"; placeholder?: string }
  | { name: string; label: string; kind: "period"; from: string; until: string };

export interface ListProps<P extends ListPath> {
  /** The API's address; a list is its rows. */
  path: P;
  /** What stands in the braces of the address. */
  at?: Record<string, string>;
  title: string;
  description?: string;
  columns: Column<Row<P>>[];
  filters?: Filter[];
  /** What can be found by words; without it there is no search field. */
  searchHint?: string;
  /** Where a row leads: the first column is a link there. */
  linkTo?(row: Row<P>): { to: string; search?: Search };
  /** What opens beside the list when a row is chosen; its id is then in the address. */
  detail?: { title(row: Row<P>): string; content(row: Row<P>): ReactNode };
  /** Items of the menu at the end of a row. */
  actions?(row: Row<P>): ReactNode;
  /** Buttons of the page. */
  buttons?: ReactNode;
  /** What always narrows this list, whatever the person chooses. */
  fixed?: Search;
  canExport?: boolean;
  emptyHint?: string;
  rowKey?(row: Row<P>): string;
  /** Inside another page: smaller, and without a title. */
  isPart?: boolean;
}
