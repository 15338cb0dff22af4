import { useEffect, useRef } from "react";
import { useCan } from "./me";
import { useGo } from "./nav";
import { PAGES } from "./pages";

/** After G, a letter goes to a page. */
export const GO_KEYS: Record<string, string> = { d: "dashboard", c: "customers", o: "orders", p: "payments", b: "bots", a: "audit", m: "models", s: "settings" };

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Keys that work everywhere: Ctrl+K, ?, / for the search of a list, and G with a letter. Letters are told by their place, so that they work with a Russian layout too. */
export function useShortcuts({ onPalette, onHelp }: { onPalette(): void; onHelp(): void }): void {
  const go = useGo();
  const can = useCan();
  const last = useRef<{ key: string; at: number }>({ key: "", at: 0 });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const letter = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
      if ((event.ctrlKey || event.metaKey) && letter === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("[role=dialog],[role=menu]")) return;
      if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
        onHelp();
      } else if (event.key === "/" || event.code === "Slash") {
        const search = document.querySelector<HTMLInputElement>("main input[type=search]");
        if (search) {
          event.preventDefault();
          search.focus();
        }
      } else if (last.current.key === "g" && Date.now() - last.current.at < 1200) {
        const page = PAGES.find((each) => each.name === GO_KEYS[letter]);
        if (page && can(...page.needs)) go(page.path);
      }
      last.current = { key: letter, at: Date.now() };
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}
