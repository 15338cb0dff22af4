import { data, type Schema } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Note } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../app/api";
import { Ask } from "../../parts/Ask";
import { Moment } from "../../parts/Moment";

/** What would be answered now, and what every rule says. Nothing is counted. */
export function Explanation({ trial }: { trial: Omit<Schema["TrialIn"], "subject"> & { subject?: Partial<Schema["SubjectIn"]> } }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["trial", trial], queryFn: () => data(api.POST("/api/v1/admin/policies/trial", { body: trial as Schema["TrialIn"] })), retry: false, staleTime: 0 });
  return (
    <Ask query={found}>
      {(answer) => (
        <div className="grid gap-4">
          <Note tone={answer.verdict === "allowed" ? "good" : "bad"} role="status">
            {answer.verdict === "allowed" ? t("policy.allowed") : t("policy.refused", { rule: answer.rule })} {answer.text} {answer.retry_at && <>· {t("policy.again")} <Moment at={answer.retry_at} isExact /></>}
          </Note>
          <ul className="divide-y divide-line rounded-md border border-line">
            {answer.rules.map((rule) => (
              <li key={rule.rule} className="grid gap-1 px-3 py-2.5">
                <div className="flex flex-wrap items-center gap-2"><span className="font-medium">{rule.rule}</span><Badge tone={rule.verdict === "refuses" ? "bad" : rule.applies ? "good" : "mute"}>{rule.applies ? t(`verdict.${rule.verdict}`, { defaultValue: rule.verdict }) : t("verdict.skipped")}</Badge></div>
                {rule.why && <div className="text-[13px] text-ink-soft">{rule.why}</div>}
                {rule.counters.map((counter) => <div key={counter.limit} className="figures text-[13px] text-ink-soft">{counter.limit}: {t("policy.used", { used: counter.used, most: counter.most })}</div>)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Ask>
  );
}
