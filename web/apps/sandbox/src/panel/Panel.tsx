// Right: what is broken on purpose, and what bots ask Telegram for.

import { useState } from "react";

import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import { Faults } from "./Faults";
import { Requests } from "./Requests";

export function Panel() {
  const { t } = usePreferences();
  const { faults } = useSandbox();
  const [tab, setTab] = useState<"faults" | "requests">("faults");
  return (
    <div className="flex h-full flex-col">
      <div role="tablist" className="m-3 grid shrink-0 grid-cols-2 rounded-xl bg-ink/6 p-1">
        {(["faults", "requests"] as const).map((name) => (
          <button key={name} type="button" role="tab" aria-selected={tab === name} onClick={() => setTab(name)}
            className={`flex items-center justify-center gap-1.5 rounded-lg py-1.5 text-[14px] font-medium transition-colors ${tab === name ? "bg-panel text-ink shadow-sm dark:bg-[#2c3844]" : "text-ink-soft hover:text-ink"}`}>
            {t(name)}
            {name === "faults" && faults.length > 0 && <span className="rounded-full bg-danger px-1.5 text-xs leading-5 font-semibold text-white dark:text-[#1a0508]">{faults.length}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" className="min-h-0 flex-1 overflow-y-auto px-3 pb-4">{tab === "faults" ? <Faults /> : <Requests />}</div>
    </div>
  );
}
