import { data, type Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Empty, Field, Input } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { Archive, Compass, Tag } from "lucide-react";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useId } from "../../app/nav";
import { Ask } from "../../parts/Ask";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { Diff } from "../../parts/Diff";
import { Moment } from "../../parts/Moment";
import { PageHead } from "../../parts/PageHead";
import { Status } from "../../parts/Status";
import { useVerb } from "../../parts/useVerb";
import { formOf, termsOf } from "./terms";
import { TermsFields } from "./TermsFields";

type PlanRow = Row<"/api/v1/admin/plans">;

/** One plan: its terms now, and every version before. */
export default function Plan() {
  const { t } = useTranslation();
  const slug = useId();
  const plans = useQuery({ queryKey: ["plans"], queryFn: () => data(api.GET("/api/v1/admin/plans", {})) });
  return (
    <Ask query={plans} lines={8}>
      {({ items }) => {
        const plan = items.find((each) => each.slug === slug);
        return plan ? <Shown key={plan.version} plan={plan} /> : <Empty icon={<Compass />} title={t("state.gone")}>{t("state.gone_hint")}</Empty>;
      }}
    </Ask>
  );
}

function Shown({ plan }: { plan: PlanRow }) {
  const { t, i18n } = useTranslation();
  const [danger, setDanger] = useState<Danger | null>(null);
  const name = plan.terms.names[i18n.language] ?? plan.slug;
  const sell = (isActive: boolean): Danger => ({
    title: isActive ? t("plan.sell_title", { name }) : t("plan.archive_title", { name }),
    consequence: isActive ? t("plan.sell_text") : t("plan.archive_text"),
    confirm: isActive ? t("plan.sell") : t("plan.archive"),
    done: t("profile.saved"),
    isHarmless: isActive,
    run: (reason) => api.PUT("/api/v1/admin/plans/{slug}", { params: { path: { slug: plan.slug } }, body: { is_active: isActive, reason } }),
  });
  return (
    <>
      <PageHead
        back={{ to: "/plans", label: t("page.plans") }}
        title={<span className="flex flex-wrap items-center gap-3">{name}{plan.is_active ? <Status value="on_sale" tone="good" /> : <Badge>{t("status.archived")}</Badge>}</span>}
        description={<span className="font-mono text-[13px]">{plan.slug}</span>}
        actions={plan.is_active ? <Button look="danger" onClick={() => setDanger(sell(false))}><Archive aria-hidden />{t("plan.archive")}</Button> : <Button onClick={() => setDanger(sell(true))}><Tag aria-hidden />{t("plan.sell")}</Button>}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[3fr_2fr]">
        <TermsCard plan={plan} />
        <Versions slug={plan.slug} />
      </div>
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}

function TermsCard({ plan }: { plan: PlanRow }) {
  const { t } = useTranslation();
  const [form, setForm] = useState(formOf(plan.terms));
  const [reason, setReason] = useState("");
  const [isTried, setTried] = useState(false);
  const { terms, wrong } = termsOf(form, plan.terms);
  const isChanged = JSON.stringify(form) !== JSON.stringify(formOf(plan.terms));
  const saving = useVerb(() => api.PUT("/api/v1/admin/plans/{slug}", { params: { path: { slug: plan.slug } }, body: { terms, reason } }), t("plan.saved"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.length === 0) saving.mutate();
  };
  return (
    <Card title={t("plan.terms")}>
      <form onSubmit={submit} className="grid gap-4">
        <TermsFields form={form} onChange={setForm} wrong={wrong} showsWrong={isTried} />
        {isChanged && (
          <div className="animate-appear grid gap-3 border-t border-line pt-4">
            <p className="text-ink-soft">{t("plan.save_text")}</p>
            <Field label={t("danger.reason")} hint={t("danger.reason_hint")}><Input required maxLength={250} value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
            <div className="flex gap-2">
              <Button type="submit" look="primary" isBusy={saving.isPending}>{t("plan.save")}</Button>
              <Button onClick={() => setForm(formOf(plan.terms))}>{t("roles.discard")}</Button>
            </div>
          </div>
        )}
      </form>
    </Card>
  );
}

function Versions({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const { money } = useFormats();
  const versions = useQuery({ queryKey: ["plan", slug, "versions"], queryFn: () => data(api.GET("/api/v1/admin/plans/{slug}/versions", { params: { path: { slug } } })) });
  return (
    <Card title={t("plan.versions")} isFlush>
      <div className="px-4">
        <Ask query={versions}>
          {({ items }) => (
            <ol className="divide-y divide-line">
              {items.map((version, index) => (
                <li key={version.version} className="grid gap-2 py-3.5">
                  <div className="flex flex-wrap items-baseline justify-between gap-2">
                    <span className="font-medium">{t("plan.version")} {version.version}{index === 0 && <span className="ml-2 font-normal text-good">{t("plan.current")}</span>}</span>
                    <span className="text-[13px] text-ink-faint"><Moment at={version.created_at} isExact /></span>
                  </div>
                  <div className="figures text-ink-soft">{Object.entries(version.terms.prices).map(([asset, units]) => money({ units, asset })).join(" · ")}</div>
                  {items[index + 1] && <Diff before={{ ...items[index + 1]!.terms }} after={{ ...version.terms }} />}
                </li>
              ))}
            </ol>
          )}
        </Ask>
      </div>
    </Card>
  );
}
