import { data, type Got } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Field, Input, NativeSelect } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { Ask } from "../../parts/Ask";
import { PageHead } from "../../parts/PageHead";
import { useVerb } from "../../parts/useVerb";

type Answer = Got<"/api/v1/admin/settings">;

/** What the organization decides itself, and what was decided before the start. */
export default function Settings() {
  const { t } = useTranslation();
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => data(api.GET("/api/v1/admin/settings", {})) });
  return (
    <>
      <PageHead title={t("page.settings")} />
      <Ask query={settings} lines={8}>
        {(answer) => (
          <div className="grid items-start gap-5 lg:grid-cols-[2fr_3fr]">
            <Organization answer={answer} />
            <Effective effective={answer.effective} />
          </div>
        )}
      </Ask>
    </>
  );
}

function Organization({ answer }: { answer: Answer }) {
  const { t } = useTranslation();
  const { language } = useFormats();
  const mayEdit = useCan()("settings.edit");
  const [name, setName] = useState(answer.organization.name);
  const [locale, setLocale] = useState(answer.organization.default_locale);
  const saving = useVerb(() => api.PUT("/api/v1/admin/settings", { body: { name, default_locale: locale } }), t("profile.saved"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const isSame = name === answer.organization.name && locale === answer.organization.default_locale;
  return (
    <Card title={t("group.organization")}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t("settings.name")} hint={t("settings.name_hint")}><Input value={name} required maxLength={120} disabled={!mayEdit} onChange={(event) => setName(event.target.value)} /></Field>
        <Field label={t("settings.locale")} hint={t("settings.locale_hint")}>
          <NativeSelect value={locale} disabled={!mayEdit} onChange={(event) => setLocale(event.target.value)}>{answer.locales.map((each) => <option key={each} value={each}>{language(each)}</option>)}</NativeSelect>
        </Field>
        {mayEdit && <Button type="submit" look="primary" className="justify-self-start" disabled={isSame} isBusy={saving.isPending}>{t("action.save")}</Button>}
      </form>
    </Card>
  );
}

function Effective({ effective }: { effective: Answer["effective"] }) {
  const { t } = useTranslation();
  return (
    <Card title={t("settings.effective")} isFlush>
      <p className="border-b border-line px-4 py-3 text-ink-soft">{t("settings.effective_text")}</p>
      <dl className="divide-y divide-line">
        {Object.entries(effective).map(([name, value]) => (
          <div key={name} className="grid gap-x-4 px-4 py-2 sm:grid-cols-[2fr_3fr]">
            <dt className="font-mono text-[13px] break-all text-ink-soft">{name}</dt>
            <dd className="font-mono text-[13px] break-all"><Value value={value} /></dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** A setting's value; of secrets only whether they are set. */
function Value({ value }: { value: unknown }) {
  const { t } = useTranslation();
  if (value === "" || value === null || (Array.isArray(value) && value.length === 0)) return <span className="text-ink-faint">—</span>;
  if (typeof value === "boolean") return <Badge>{value ? t("settings.yes") : t("settings.no")}</Badge>;
  return <>{typeof value === "object" ? JSON.stringify(value) : String(value)}</>;
}
