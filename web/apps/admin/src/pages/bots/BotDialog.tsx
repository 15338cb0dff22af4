import { data } from "@kassa/api";
import { LOCALES, useFormats, useTranslation } from "@kassa/i18n";
import { Button, Checkbox, Dialog, Field, NativeSelect } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useVerb } from "../../parts/useVerb";
import type { Bot } from "./Bots";

/** What a bot speaks and sells. */
export function BotDialog({ bot, onClose }: { bot: Bot; onClose(): void }) {
  const { t, i18n } = useTranslation();
  const { language } = useFormats();
  const [main, setMain] = useState(bot.default_locale);
  const [locales, setLocales] = useState(bot.locales);
  const [plans, setPlans] = useState(bot.plans ?? null);
  const [models, setModels] = useState(bot.models ?? null);
  const allPlans = useQuery({ queryKey: ["plans"], queryFn: () => data(api.GET("/api/v1/admin/plans", {})) });
  const allModels = useQuery({ queryKey: ["models"], queryFn: () => data(api.GET("/api/v1/admin/ai/models", {})) });
  const saving = useVerb(() => api.PUT("/api/v1/admin/bots/{bot_id}", { params: { path: { bot_id: bot.id } }, body: { default_locale: main, locales, plans, models } }), t("profile.saved"), onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const named = (names: Record<string, string>, slug: string) => names[i18n.language] ?? names.en ?? slug;
  return (
    <Dialog isOpen onClose={onClose} title={bot.name} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="bot" look="primary" isBusy={saving.isPending} disabled={locales.length === 0}>{t("action.save")}</Button></>}>
      <form id="bot" onSubmit={submit} className="grid gap-5">
        <Several legend={t("bot.locales")} chosen={locales} onChange={(next) => setLocales(next ?? [])} choices={LOCALES.map((value) => ({ value, label: language(value) }))} />
        <Field label={t("bot.main_locale")} hint={t("bot.main_locale_hint")}>
          <NativeSelect value={main} onChange={(event) => setMain(event.target.value)}>{locales.map((each) => <option key={each} value={each}>{language(each)}</option>)}</NativeSelect>
        </Field>
        <Several legend={t("page.plans")} allLabel={t("bot.everything")} chosen={plans} onChange={setPlans} choices={(allPlans.data?.items ?? []).map((plan) => ({ value: plan.slug, label: named(plan.terms.names, plan.slug) }))} />
        <Several legend={t("page.models")} allLabel={t("bot.everything")} chosen={models} onChange={setModels} choices={(allModels.data?.items ?? []).map((model) => ({ value: model.slug, label: named(model.title, model.slug) }))} />
      </form>
    </Dialog>
  );
}

interface SeveralProps {
  legend: string;
  /** With it, null means everything, now and later. */
  allLabel?: string;
  chosen: string[] | null;
  onChange(chosen: string[] | null): void;
  choices: { value: string; label: string }[];
}

function Several({ legend, allLabel, chosen, onChange, choices }: SeveralProps) {
  const { t } = useTranslation();
  const set = (value: string, isOn: boolean) => onChange(isOn ? [...(chosen ?? []), value] : (chosen ?? []).filter((other) => other !== value));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-[13px] font-medium">{legend}</legend>
      {allLabel && (
        <NativeSelect aria-label={legend} disabled={choices.length === 0} value={chosen === null ? "all" : "some"} onChange={(event) => onChange(event.target.value === "all" ? null : choices.map((choice) => choice.value))}>
          <option value="all">{allLabel}</option>
          <option value="some">{t("bot.only_chosen")}</option>
        </NativeSelect>
      )}
      {chosen !== null && (
        <ul className="scroll-quiet grid max-h-56 gap-2 overflow-y-auto rounded-md border border-line p-3 sm:grid-cols-2">
          {choices.map((choice) => <li key={choice.value} className="flex items-center gap-2.5"><Checkbox checked={chosen.includes(choice.value)} onChange={(isOn) => set(choice.value, isOn)} label={choice.label} /><span>{choice.label}</span></li>)}
        </ul>
      )}
    </fieldset>
  );
}
