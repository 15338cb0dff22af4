// The log of Bot API calls, the newest first.

import { useState } from "react";

import { api } from "../api";
import { Icon } from "../parts";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import type { AppCall, RequestEntry } from "../types";

export function Requests() {
  const { t } = usePreferences();
  const { requests, appCalls, bots, attempt, reload } = useSandbox();
  const [filter, setFilter] = useState("");
  const all = [...requests, ...appCalls].filter((entry) => entry.method !== "getUpdates").sort((one, other) => one.id - other.id);
  const wanted = all.filter((entry) => entry.method.toLowerCase().includes(filter.toLowerCase()));
  const shown = grouped(wanted.reverse());
  return (
    <div>
      <div className="sticky top-0 z-10 flex gap-2 bg-page pb-2">
        <input className="field bg-panel py-1.5 text-[14px]" placeholder={t("filter")} aria-label={t("filter")} value={filter} onChange={(event) => setFilter(event.target.value)} />
        <button type="button" onClick={() => void attempt(async () => { await api.clearRequests(); await reload(); })}
          className="shrink-0 rounded-xl px-3 text-[14px] font-medium text-ink-soft transition-colors hover:bg-ink/8 hover:text-ink">{t("clear")}</button>
      </div>
      {shown.length === 0 && <p className="px-4 py-10 text-center text-[14px] text-ink-faint">{t("requestsEmpty")}</p>}
      <ul className="space-y-1">
        {shown.map(({ entry, count }) => {
          const bot = bots.find((item) => item.id === entry.bot)?.username ?? String(entry.bot);
          return "launch" in entry ? <OfApp key={entry.id} call={entry} bot={bot} /> : <Entry key={entry.id} entry={entry} count={count} bot={bot} />;
        })}
      </ul>
    </div>
  );
}

type Shown = { entry: RequestEntry | AppCall; count: number };

/** A streamed answer is dozens of drafts; a run of them is one line. */
function grouped(entries: (RequestEntry | AppCall)[]): Shown[] {
  const groups: Shown[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last && "answer" in entry && "answer" in last.entry && entry.method.endsWith("Draft") && last.entry.method === entry.method && last.entry.answer.ok === entry.answer.ok) last.count += 1;
    else groups.push({ entry, count: 1 });
  }
  return groups;
}

/** What a Mini App asked the phone for: a line says it all when it was a vibration. */
function OfApp({ call, bot }: { call: AppCall; bot: string }) {
  const { t, language } = usePreferences();
  const { impact_style, notification_type, type } = call.params;
  const detail = call.method === "web_app_trigger_haptic_feedback" ? String(impact_style ?? notification_type ?? type ?? "") : "";
  return (
    <li>
      <details className="group rounded-xl border border-line bg-panel open:shadow-sm">
        <summary className="flex cursor-pointer list-none items-center gap-2 px-3 py-1.5 [&::-webkit-details-marker]:hidden">
          <Icon name="app" size={13} className="-mx-0.5 text-accent" />
          <span className="min-w-0 truncate font-mono text-[13px] font-medium">{call.method}</span>
          {detail && <span className="shrink-0 rounded-md bg-accent-soft px-1.5 text-xs font-semibold text-accent">{detail}</span>}
          <span className="ml-auto shrink-0 text-xs text-ink-faint tabular-nums">{new Date(call.at).toLocaleTimeString(language)}</span>
        </summary>
        <div className="space-y-2 border-t border-line px-3 py-2 text-xs">
          <p className="text-ink-faint">@{bot} · {t("from")}</p>
          <Json value={call.params} />
          {call.answers.length > 0 && <Json value={call.answers} />}
        </div>
      </details>
    </li>
  );
}

function Entry({ entry, bot, count }: { entry: RequestEntry; bot: string; count: number }) {
  const { t, language } = usePreferences();
  const { ok, error_code, description } = entry.answer;
  return (
    <li>
      <details className="group rounded-xl border border-line bg-panel open:shadow-sm">
        <summary className="flex cursor-pointer list-none items-center gap-2 px-3 py-1.5 [&::-webkit-details-marker]:hidden">
          <span className={`size-2 shrink-0 rounded-full ${ok ? "bg-success" : "bg-danger"}`} aria-label={ok ? "200" : String(error_code)} />
          <span className="min-w-0 truncate font-mono text-[13px] font-medium">{entry.method}</span>
          {count > 1 && <span className="shrink-0 rounded-md bg-ink/8 px-1.5 text-xs font-semibold text-ink-soft">×{count}</span>}
          {!ok && <span className="shrink-0 rounded-md bg-danger/12 px-1.5 text-xs font-semibold text-danger">{error_code}</span>}
          <span className="ml-auto shrink-0 text-xs text-ink-faint tabular-nums">{new Date(entry.at).toLocaleTimeString(language)}</span>
        </summary>
        <div className="space-y-2 border-t border-line px-3 py-2 text-xs">
          <p className="text-ink-faint">@{bot} · {entry.took_ms} {t("took")}{entry.fault && ` · ${entry.fault}`}</p>
          {description && <p className="text-danger">{description}</p>}
          <Json value={entry.params} />
          {ok && <Json value={entry.answer.result} />}
        </div>
      </details>
    </li>
  );
}

function Json({ value }: { value: unknown }) {
  return <pre tabIndex={0} className="max-h-64 overflow-auto rounded-lg bg-soft p-2 font-mono text-[12px] leading-snug whitespace-pre-wrap [overflow-wrap:anywhere]">{JSON.stringify(value, null, 1)}</pre>;
}
