import { useTranslation } from "@kassa/i18n";
import { Button, Card, Field, Input } from "@kassa/ui";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useMe } from "../../app/me";
import { PageHead } from "../../parts/PageHead";
import { useVerb } from "../../parts/useVerb";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";
import { Telegram } from "./Telegram";

/** One's own name, password, second factor, Telegram and sessions. */
export default function Profile() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <PageHead title={t("page.profile")} description={`${me.email} · ${t(`role.${me.role}`)} · ${me.organization.name}`} />
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <NameCard />
        <PasswordCard />
        <SecondFactor />
        <Telegram />
        <Sessions />
      </div>
    </>
  );
}

function NameCard() {
  const { t } = useTranslation();
  const me = useMe();
  const [name, setName] = useState(me.name);
  const saving = useVerb(() => api.PUT("/api/v1/auth/profile", { body: { name } }), t("profile.saved"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Card title={t("profile.name")}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t("signin.name")} hint={t("profile.name_hint")}><Input value={name} onChange={(event) => setName(event.target.value)} maxLength={200} autoComplete="name" /></Field>
        <Button type="submit" className="justify-self-start" disabled={name === me.name} isBusy={saving.isPending}>{t("action.save")}</Button>
      </form>
    </Card>
  );
}

function PasswordCard() {
  const { t } = useTranslation();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const saving = useVerb(() => api.PUT("/api/v1/auth/password", { body: { old, new: fresh } }), t("profile.password_done"), () => {
    setOld("");
    setFresh("");
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Card title={t("profile.password")}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t("profile.old_password")}><Input type="password" required autoComplete="current-password" value={old} onChange={(event) => setOld(event.target.value)} /></Field>
        <Field label={t("signin.new_password")} hint={t("profile.password_hint")}><Input type="password" required minLength={10} autoComplete="new-password" value={fresh} onChange={(event) => setFresh(event.target.value)} /></Field>
        <Button type="submit" className="justify-self-start" isBusy={saving.isPending}>{t("profile.change_password")}</Button>
      </form>
    </Card>
  );
}
