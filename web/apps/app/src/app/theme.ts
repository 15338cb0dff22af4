import { useSyncExternalStore } from "react";
import { launch } from "./telegram";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = "kassa-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
const current = () => (localStorage.getItem(KEPT) as Theme | null) ?? "system";

function apply(): void {
  if (!launch) document.documentElement.classList.toggle("dark", current() === "dark" || (current() === "system" && system.matches));
  for (const listener of listeners) listener();
}
system.addEventListener("change", apply);

/** Light, dark, or as the system has it. Inside Telegram its theme counts, and there is nothing to choose. */
export function useTheme() {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
  return {
    theme,
    setTheme(next: Theme): void {
      localStorage.setItem(KEPT, next);
      apply();
    },
  };
}
