import { useTranslation } from "@kassa/i18n";
import { Button, cn, Menu, MenuChoice } from "@kassa/ui";
import { ChevronDown, Search as SearchIcon, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "../app/nav";
import type { Search } from "../app/router";
import { PeriodFilter } from "./PeriodFilter";
import { TextFilter } from "./TextFilter";
import type { Choice, Filter } from "./types";

/** Every list is searched while one types; this long after the last key. */
const PAUSE_MS = 250;
const ANY = "any";

/** Whether the person has narrowed a list. */
export const isNarrowed = (search: Search, names: string[]) => names.some((name) => search[name]);

/** Search and filters of a list; all of them live in the address, so that a view can be sent to a colleague. */
export function FilterBar({ filters, searchHint }: { filters: Filter[]; searchHint?: string }) {
  const { t } = useTranslation();
  const [search, change] = useSearchParams();
  const names = ["q", ...filters.flatMap((filter) => (filter.kind === "period" ? [filter.from, filter.until] : [filter.name]))];
  const set = (name: string, value: string | undefined) => change({ [name]: value });
  return (
    <>
      {searchHint && <SearchField hint={searchHint} value={search.q ?? ""} onChange={(value) => set("q", value || undefined)} />}
      {filters.map((filter) => {
        if (filter.kind === "choice") return <ChoiceFilter key={filter.name} label={filter.label} choices={filter.choices} value={search[filter.name]} onChange={(value) => set(filter.name, value)} />;
        if (filter.kind === "text") return <TextFilter key={filter.name} label={filter.label} placeholder={filter.placeholder} value={search[filter.name]} onChange={(value) => set(filter.name, value)} />;
        return <PeriodFilter key={filter.name} label={filter.label} from={search[filter.from]} until={search[filter.until]} onChange={(from, until) => change({ [filter.from]: from, [filter.until]: until })} />;
      })}
      {isNarrowed(search, names) && <Button look="quiet" onClick={() => change(Object.fromEntries(names.map((name) => [name, undefined])))}>{t("list.reset")}</Button>}
    </>
  );
}

function SearchField({ hint, value, onChange }: { hint: string; value: string; onChange(value: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) setText(value); // changed from outside: the back button, a reset
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <div className="relative w-full sm:w-72">
      <SearchIcon aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-ink-faint" />
      <input type="search" aria-label={hint} placeholder={hint} value={text} onChange={(event) => setText(event.target.value)} className="h-9 w-full rounded-md border border-line-strong bg-sheet pr-8 pl-9 placeholder:text-ink-faint hover:border-ink-faint focus:border-focus focus:outline-2 focus:-outline-offset-1 focus:outline-focus [&::-webkit-search-cancel-button]:hidden" />
      {text && <Button look="quiet" size="icon-sm" aria-label={t("list.clear_search")} onClick={() => setText("")} className="absolute top-0.5 right-0.5"><X aria-hidden /></Button>}
    </div>
  );
}

function ChoiceFilter({ label, choices, value, onChange }: { label: string; choices: Choice[]; value: string | undefined; onChange(value: string | undefined): void }) {
  const { t } = useTranslation();
  const chosen = choices.find((choice) => choice.value === value)?.label ?? value;
  return (
    <Menu align="start" trigger={<FilterButton label={label} chosen={chosen} />}>
      <MenuChoice value={value ?? ANY} onChange={(next) => onChange(next === ANY ? undefined : next)} choices={[{ value: ANY, label: t("list.any") }, ...choices]} />
    </Menu>
  );
}

/** The button of a filter: its name, and what is chosen. */
export function FilterButton({ label, chosen, ...rest }: { label: string; chosen?: string } & React.ComponentProps<"button">) {
  return (
    <Button {...rest} className={cn("max-w-full font-normal", chosen && "border-brand/50 bg-brand-soft text-brand-text hover:bg-brand-soft")}>
      <span className="truncate">{label}{chosen && <>: <span className="font-medium">{chosen}</span></>}</span>
      <ChevronDown aria-hidden className="opacity-60" />
    </Button>
  );
}
