import { useTranslation } from "@kassa/i18n";
import { Button, Dialog, Field, Input } from "@kassa/ui";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useGo } from "../../app/nav";
import { useVerb } from "../../parts/useVerb";
import { formOf, termsOf } from "./terms";
import { TermsFields } from "./TermsFields";

/** Something new to sell. */
export function NewPlanDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const go = useGo();
  const [slug, setSlug] = useState("");
  const [form, setForm] = useState(formOf());
  const [isTried, setTried] = useState(false);
  const { terms, wrong } = termsOf(form);
  const adding = useVerb(() => api.POST("/api/v1/admin/plans", { body: { slug, terms } }), t("plan.added"), () => {
    onClose();
    go(`/plans/${slug}`);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.length === 0) adding.mutate();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("plan.add")} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="plan" look="primary" isBusy={adding.isPending}>{t("plan.add")}</Button></>}>
      <form id="plan" onSubmit={submit} className="grid gap-4">
        <Field label={t("plan.slug")} hint={t("plan.slug_hint")}><Input required pattern="[a-z0-9][a-z0-9\-]{1,60}" value={slug} onChange={(event) => setSlug(event.target.value)} placeholder="tokens-30d-2m" className="font-mono" /></Field>
        <TermsFields form={form} onChange={setForm} wrong={wrong} showsWrong={isTried} />
      </form>
    </Dialog>
  );
}
