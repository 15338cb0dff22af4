import type { Schema } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Field, Input } from "@kassa/ui";

type Audience = Schema["Audience"];

export interface AudienceForm {
  percent: string;
  bots: string;
  plans: string;
  customers: string;
}

const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

/** The form of an audience as it is. */
export const formOfAudience = (audience?: Audience): AudienceForm => ({
  percent: String(audience?.percent ?? 100),
  bots: (audience?.bots ?? []).join(", "),
  plans: (audience?.plans ?? []).join(", "),
  customers: (audience?.customers ?? []).join(", "),
});

/** The audience of a form. */
export const audienceOf = (form: AudienceForm): Audience => ({ percent: Number(form.percent.replace(",", ".")) || 0, bots: words(form.bots), plans: words(form.plans), customers: words(form.customers) });

/** For whom: a share of everybody, some bots and plans, named customers. */
export function AudienceFields({ form, onChange }: { form: AudienceForm; onChange(form: AudienceForm): void }) {
  const { t } = useTranslation();
  const text = (name: keyof AudienceForm) => ({ value: form[name], onChange: (event: React.ChangeEvent<HTMLInputElement>) => onChange({ ...form, [name]: event.target.value }) });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t("flag.percent")} hint={t("flag.percent_hint")}><Input {...text("percent")} inputMode="decimal" required /></Field>
      <Field label={t("flag.bots")} hint={t("flag.empty_hint")}><Input {...text("bots")} placeholder="neuro_demo_bot" /></Field>
      <Field label={t("flag.plans")} hint={t("flag.empty_hint")}><Input {...text("plans")} placeholder="tokens-30d-1m" /></Field>
      <Field label={t("flag.customers")} hint={t("flag.customers_hint")}><Input {...text("customers")} className="font-mono" /></Field>
    </div>
  );
}
