import { useSyncExternalStore } from "react";

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = "kassa-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function apply(): void {
  document.documentElement.classList.toggle("dark", isDark());
  for (const listener of listeners) listener();
}

const current = () => (localStorage.getItem(KEPT) as Theme | null) ?? "system";
const isDark = () => current() === "dark" || (current() === "system" && system.matches);

system.addEventListener("change", apply);
addEventListener("storage", (event) => event.key === KEPT && apply());

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Light, dark, or as the system has it; kept in this browser. */
export function useTheme() {
  const theme = useSyncExternalStore(subscribe, current);
  const dark = useSyncExternalStore(subscribe, isDark);
  const setTheme = (next: Theme) => {
    localStorage.setItem(KEPT, next);
    apply();
  };
  return { theme, isDark: dark, setTheme };
}
