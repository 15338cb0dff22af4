import { useState } from "react";
import type { Column } from "./types";

/** Which columns are shown; the choice is kept in this browser, per list. */
export function useColumns<T>(list: string, columns: Column<T>[]) {
  const key = `kassa-columns ${list}`;
  const [hidden, setHidden] = useState<string[]>(() => {
    const kept = localStorage.getItem(key);
    return kept ? (JSON.parse(kept) as string[]) : columns.filter((column) => column.isExtra).map((column) => column.id);
  });
  const toggle = (id: string) => {
    const next = hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id];
    localStorage.setItem(key, JSON.stringify(next));
    setHidden(next);
  };
  const shown = columns.filter((column, index) => index === 0 || !hidden.includes(column.id));
  return { shown, hidden, toggle };
}
