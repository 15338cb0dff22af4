import { ApiError, data, type Got, type Schema } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Field, Input, Note, Textarea } from "@kassa/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { useVerb } from "../../parts/useVerb";

type Rules = Got<"/api/v1/admin/policies">;

/** The rules as text beside how they are understood; what cannot be understood cannot be saved. */
export function RulesEditor({ rules }: { rules: Rules }) {
  const { t } = useTranslation();
  const mayEdit = useCan()("policies.edit");
  const [source, setSource] = useState(rules.source);
  const [note, setNote] = useState("");
  const shown = useLater(source);
  const checked = useQuery({ queryKey: ["policies", "check", shown], queryFn: () => data(api.POST("/api/v1/admin/policies/check", { body: { source: shown } })), placeholderData: keepPreviousData, staleTime: Infinity });
  const saving = useVerb(() => api.PUT("/api/v1/admin/policies", { body: { source, note, based_on: rules.number } }), t("policy.saved"));
  const isChanged = source !== rules.source;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <div className="grid items-start gap-5 xl:grid-cols-2">
      <Card title={t("policy.text")} actions={<Badge hasDot={false}>{rules.number === 0 ? t("policy.built_in") : `${t("plan.version")} ${rules.number}`}</Badge>}>
        <form onSubmit={submit} className="grid gap-3">
          <Textarea aria-label={t("policy.text")} spellCheck={false} readOnly={!mayEdit} value={source} onChange={(event) => setSource(event.target.value)} rows={26} className="scroll-quiet overflow-x-auto font-mono text-[12.5px] whitespace-pre" />
          {checked.data && !checked.data.valid && <Problems problems={checked.data.problems} />}
          {isChanged && mayEdit && (
            <div className="animate-appear grid gap-3">
              <Field label={t("danger.reason")} hint={t("danger.reason_hint")}><Input required maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} /></Field>
              <div className="flex gap-2">
                <Button type="submit" look="primary" isBusy={saving.isPending} disabled={!checked.data?.valid || shown !== source}>{t("policy.save")}</Button>
                <Button onClick={() => setSource(rules.source)}>{t("roles.discard")}</Button>
              </div>
              {saving.error instanceof ApiError && saving.error.status === 409 && <Note tone="warn">{t("policy.conflict")}</Note>}
            </div>
          )}
        </form>
      </Card>
      <Understood rules={checked.data?.valid ? checked.data.rules : rules.rules} />
    </div>
  );
}

function Problems({ problems }: { problems: Schema["ProblemOut"][] }) {
  const { t } = useTranslation();
  return (
    <Note tone="bad" role="alert">
      <ul className="grid gap-1">{problems.map((one, index) => <li key={index}>{t("policy.line", { line: one.line })} <span className="font-mono text-[13px]">{one.where}{one.value && ` = ${one.value}`}</span>: {one.problem}</li>)}</ul>
    </Note>
  );
}

function Understood({ rules }: { rules: Schema["RuleOut"][] }) {
  const { t } = useTranslation();
  const said = (facts: Record<string, string[]>) => Object.entries(facts).map(([name, values]) => `${t(`policy_fact.${name}`, { defaultValue: name })}: ${values.join(", ")}`).join("; ");
  return (
    <Card title={t("policy.understood", { count: rules.length })} isFlush>
      <ul className="scroll-quiet max-h-[42rem] divide-y divide-line overflow-y-auto" tabIndex={0} aria-label={t("policy.rules")}>
        {rules.map((rule) => (
          <li key={rule.name} className="grid gap-1 px-4 py-3">
            <div className="flex flex-wrap items-center gap-2"><span className="font-medium">{rule.name}</span>{!rule.enabled && <Badge>{t("status.off")}</Badge>}{rule.deny && <Badge tone="bad" hasDot={false}>{t("policy.deny")}</Badge>}{rule.limits.map((limit) => <Badge key={limit} tone="info" hasDot={false}>{limit}</Badge>)}</div>
            <div className="text-[13px] text-ink-soft"><span className="font-mono">{rule.actions.join(", ")}</span> · {t("policy.per", { who: t(`policy_per.${rule.per}`, { defaultValue: rule.per }) })}</div>
            {(said(rule.when) || said(rule.unless)) && <div className="text-[13px] break-words text-ink-faint">{said(rule.when)}{said(rule.unless) && ` · ${t("policy.unless")} ${said(rule.unless)}`}</div>}
            {rule.block && <div className="text-[13px] text-ink-faint">{t("policy.then_block", { block: rule.block })}</div>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), 400);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}
