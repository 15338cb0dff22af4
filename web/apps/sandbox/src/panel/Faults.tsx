// Switches for the faults of the outside world.

import { api } from "../api";
import { Switch } from "../parts";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import type { Key } from "../texts";

type Target = "telegram" | "yookassa" | "ai";

const KINDS: Record<Target, string[]> = {
  telegram: ["429", "500", "timeout", "lost", "blocked", "update_doubled", "update_reordered", "update_late"],
  yookassa: [
    "decline", "429", "create_500", "create_timeout", "webhook_lost", "webhook_late", "webhook_doubled", "webhook_reordered", "webhook_tampered",
    "refund_canceled",
  ],
  ai: ["429", "500", "overloaded", "timeout", "slow", "stall", "cut", "malformed", "refusal", "quota", "invalid_key"],
};
const OPTIONS: Record<string, Record<string, unknown>> = { telegram_429: { retry_after: 5 } };

export function Faults() {
  const { t } = usePreferences();
  const { faults, attempt } = useSandbox();
  const known = (target: Target, kind: string) => faults.find((fault) => fault.target === target && fault.kind === kind);
  const toggle = (target: Target, kind: string) => {
    const fault = known(target, kind);
    void attempt(() => (fault ? api.removeFault(fault.id) : api.addFault({ target, kind, times: null, options: OPTIONS[`${target}_${kind}`] ?? {} })));
  };
  return (
    <div>
      <p className="px-1 pb-3 text-[14px] leading-snug text-ink-soft">{t("faultsHint")}</p>
      {(Object.keys(KINDS) as Target[]).map((target) => (
        <section key={target} className="mb-4">
          <h3 className="flex items-baseline justify-between px-1 pb-1.5 text-xs font-semibold tracking-wide text-ink-faint uppercase">
            {t(`f_${target}`)}
            <State count={faults.filter((fault) => fault.target === target).length} />
          </h3>
          <ul className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-panel">
            {KINDS[target].map((kind) => {
              const isOn = Boolean(known(target, kind));
              return (
                <li key={kind} className={`flex items-center gap-3 px-3 py-2 transition-colors ${isOn ? "bg-danger/7" : ""}`}>
                  <span className="min-w-0 flex-1">
                    <span className="block text-[14.5px] leading-snug font-medium">{t(`f_${target}_${kind}` as Key)}</span>
                    <span className="block text-[13px] leading-snug text-ink-soft">{t(`f_${target}_${kind}_h` as Key)}</span>
                  </span>
                  <Switch checked={isOn} label={t(`f_${target}_${kind}` as Key)} onChange={() => toggle(target, kind)} />
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}

function State({ count }: { count: number }) {
  const { t } = usePreferences();
  return count === 0
    ? <span className="font-medium tracking-normal text-success normal-case">{t("allFine")}</span>
    : <span className="font-medium tracking-normal text-danger normal-case">{t("activeFaults")}: {count}</span>;
}
