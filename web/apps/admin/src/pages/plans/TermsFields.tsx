import { useTranslation } from "@kassa/i18n";
import { Button, Field, IconButton, Input, NativeSelect } from "@kassa/ui";
import { Plus, X } from "lucide-react";
import { ASSETS, KINDS, PERIODS, type TermsForm } from "./terms";

interface Props {
  form: TermsForm;
  onChange(form: TermsForm): void;
  wrong: string[];
  /** Until something was sent, nothing is called wrong. */
  showsWrong: boolean;
}

/** What a plan gives and costs. */
export function TermsFields({ form, onChange, wrong, showsWrong }: Props) {
  const { t } = useTranslation();
  const set = (changes: Partial<TermsForm>) => onChange({ ...form, ...changes });
  const error = (name: string) => (showsWrong && wrong.includes(name) ? t("plan.wrong") : undefined);
  const text = (name: "ru" | "en" | "tokens" | "days" | "trialDays" | "lightModel" | "requests") => ({ value: form[name], onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [name]: event.target.value }) });
  return (
    <div className="grid gap-4">
      <Field label={t("plan.kind")} hint={t(`plan_kind_hint.${form.kind}`)}>
        <NativeSelect value={form.kind} onChange={(event) => set({ kind: event.target.value as TermsForm["kind"] })}>
          {KINDS.map((kind) => <option key={kind} value={kind}>{t(`plan_kind.${kind}`)}</option>)}
        </NativeSelect>
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("plan.name_ru")} error={error("ru")}><Input {...text("ru")} maxLength={120} /></Field>
        <Field label={t("plan.name_en")} error={error("en")}><Input {...text("en")} maxLength={120} /></Field>
      </div>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t("plan.tokens")} error={error("tokens")}><Input {...text("tokens")} inputMode="numeric" placeholder="0" /></Field>
        <Field label={t("plan.days")} error={error("days")} hint={t("plan.days_hint")}><Input {...text("days")} inputMode="numeric" placeholder="∞" /></Field>
        <Field label={t("plan.trial")} error={error("trialDays")}><Input {...text("trialDays")} inputMode="numeric" placeholder="0" /></Field>
      </div>
      {form.kind === "api" ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("plan.requests")} error={error("requests")}><Input {...text("requests")} inputMode="numeric" /></Field>
          <Field label={t("plan.period")}>
            <NativeSelect value={form.period} onChange={(event) => set({ period: event.target.value })}>
              {PERIODS.map((period) => <option key={period} value={period}>{t(`plan_period.${period}`)}</option>)}
            </NativeSelect>
          </Field>
        </div>
      ) : (
        <Field label={t("plan.light")} hint={t("plan.light_hint")}><Input {...text("lightModel")} placeholder="chatgpt-4-omni-mini" /></Field>
      )}
      <Prices form={form} set={set} error={error} />
    </div>
  );
}

function Prices({ form, set, error }: { form: TermsForm; set(changes: Partial<TermsForm>): void; error(name: string): string | undefined }) {
  const { t } = useTranslation();
  const change = (index: number, changes: Partial<TermsForm["prices"][number]>) => set({ prices: form.prices.map((price, each) => (each === index ? { ...price, ...changes } : price)) });
  const free = ASSETS.find((asset) => !form.prices.some((price) => price.asset === asset));
  return (
    <fieldset className="grid gap-2.5">
      <legend className="mb-1.5 text-[13px] font-medium">{t("plan.prices")}</legend>
      {form.prices.map((price, index) => (
        <div key={index} className="grid grid-cols-[1fr_7rem_auto] items-start gap-2">
          <Field label={t("plan.price_in", { asset: price.asset })} isLabelHidden error={error(`price${index}`)}>
            <Input inputMode="decimal" value={price.text} onChange={(event) => change(index, { text: event.target.value })} placeholder="0" />
          </Field>
          <NativeSelect aria-label={t("plan.currency")} value={price.asset} onChange={(event) => change(index, { asset: event.target.value })}>
            {ASSETS.map((asset) => <option key={asset}>{asset}</option>)}
          </NativeSelect>
          <IconButton label={t("plan.remove_price")} disabled={form.prices.length === 1} onClick={() => set({ prices: form.prices.filter((_, each) => each !== index) })}><X aria-hidden /></IconButton>
        </div>
      ))}
      {free && <Button size="sm" look="quiet" className="justify-self-start" onClick={() => set({ prices: [...form.prices, { asset: free, text: "" }] })}><Plus aria-hidden />{t("plan.add_price")}</Button>}
    </fieldset>
  );
}
