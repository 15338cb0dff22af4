import { data } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { cn, Dialog } from "@kassa/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CircleUserRound, Moon, Search, Sun } from "lucide-react";
import { useEffect, useId, useMemo, useState, type ComponentType, type KeyboardEvent } from "react";
import { api } from "./api";
import { useCan } from "./me";
import { useGo } from "./nav";
import { PAGES } from "./pages";
import { useTheme } from "./theme";

interface Command {
  id: string;
  label: string;
  note?: string;
  icon: ComponentType<{ className?: string }>;
  run(): void;
}

/** Goes anywhere and finds customers, from the keyboard. */
export function CommandPalette({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("palette.open")} closeLabel={t("action.close")} size="md">
      <Commands onClose={onClose} />
    </Dialog>
  );
}

function Commands({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const found = useCommands(text.trim());
  useEffect(() => setChosen(0), [text]);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") run(found[chosen]);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || found.length === 0) return;
    event.preventDefault();
    const next = (chosen + step + found.length) % found.length;
    setChosen(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div>
      <div className="flex items-center gap-2.5 rounded-md border border-line-strong px-3 focus-within:border-focus focus-within:outline focus-within:outline-focus">
        <Search aria-hidden className="size-4 text-ink-faint" />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={found[chosen] ? `${id}-${chosen}` : undefined}
          aria-label={t("palette.open")}
          placeholder={t("palette.hint")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="h-10 min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-faint"
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={t("palette.found")} className="scroll-quiet mt-3 -mr-2 grid max-h-[min(24rem,55dvh)] content-start gap-px overflow-y-auto pr-2">
        {found.map((command, index) => (
          <button key={command.id} id={`${id}-${index}`} type="button" role="option" tabIndex={-1} aria-selected={index === chosen} onPointerMove={() => setChosen(index)} onClick={() => run(command)} className={cn("flex h-10 w-full items-center gap-3 rounded-md px-2.5 text-left", index === chosen && "bg-hover")}>
            <command.icon className="size-4 shrink-0 text-ink-faint" />
            <span className="min-w-0 flex-1 truncate">{command.label}</span>
            {command.note && <span className="shrink-0 text-[13px] text-ink-faint">{command.note}</span>}
          </button>
        ))}
      </div>
      {found.length === 0 && <p role="status" className="py-8 text-center text-ink-soft">{t("palette.nothing")}</p>}
    </div>
  );
}

function useCommands(text: string): Command[] {
  const { t } = useTranslation();
  const go = useGo();
  const can = useCan();
  const { isDark, setTheme } = useTheme();
  const people = useQuery({
    queryKey: ["palette", text],
    queryFn: () => data(api.GET("/api/v1/admin/customers", { params: { query: { q: text, limit: 6 } } })),
    enabled: text.length > 1 && can("identity.customers.view"),
    placeholderData: keepPreviousData,
  });
  return useMemo(() => {
    const wanted = text.toLowerCase();
    const pages = PAGES.filter((page) => can(...page.needs)).map((page): Command => ({ id: page.name, label: t(`page.${page.name}`), icon: page.icon, run: () => go(page.path) }));
    const theme: Command = { id: "theme", label: isDark ? t("palette.light") : t("palette.dark"), icon: isDark ? Sun : Moon, run: () => setTheme(isDark ? "light" : "dark") };
    const matching = [...pages, theme].filter((command) => command.label.toLowerCase().includes(wanted));
    const customers = text.length > 1 ? (people.data?.items ?? []) : [];
    return [
      ...matching,
      ...customers.map((one): Command => ({ id: one.id, label: one.name || `#${one.number}`, note: `#${one.number}`, icon: CircleUserRound, run: () => go(`/customers/${one.id}`) })),
    ];
  }, [text, people.data, t, go, can, isDark, setTheme]);
}
