import { data } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Dialog, Field, Input, NativeSelect } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api } from "../../app/api";
import { useVerb } from "../../parts/useVerb";

/** Adds a provider's key; it is encrypted and never shown again. */
export function KeyDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const endpoints = useQuery({ queryKey: ["endpoints"], queryFn: () => data(api.GET("/api/v1/admin/ai/endpoints", {})) });
  const adding = useVerb(
    (values: Record<string, string>) => api.POST("/api/v1/admin/ai/keys", { body: { endpoint: values.endpoint ?? "", secret: values.secret ?? "", title: values.title ?? "", account_tag: values.account_tag ?? "", weight: Number(values.weight), concurrency: values.concurrency ? Number(values.concurrency) : null } }),
    t("key.added"),
    onClose,
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    adding.mutate(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>);
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("key.add")} description={t("key.secret_text")} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="key" look="primary" isBusy={adding.isPending}>{t("key.add")}</Button></>}>
      <form id="key" onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
        <Field label={t("endpoint.one")}><NativeSelect name="endpoint" required>{endpoints.data?.items.map((each) => <option key={each.name}>{each.name}</option>)}</NativeSelect></Field>
        <Field label={t("key.title")}><Input name="title" maxLength={100} /></Field>
        <Field label={t("key.secret")} className="sm:col-span-2"><Input name="secret" type="password" required autoComplete="off" maxLength={1000} className="font-mono" /></Field>
        <Field label={t("route.weight")} hint={t("key.weight_hint")}><Input name="weight" type="number" min={1} max={1000} defaultValue={1} required /></Field>
        <Field label={t("key.concurrency")} hint={t("key.concurrency_hint")}><Input name="concurrency" type="number" min={1} max={10000} /></Field>
        <Field label={t("key.account")} hint={t("key.account_hint")} className="sm:col-span-2"><Input name="account_tag" maxLength={60} /></Field>
      </form>
    </Dialog>
  );
}
