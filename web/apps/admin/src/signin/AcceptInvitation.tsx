import { useTranslation } from "@kassa/i18n";
import { Button, Field, Input } from "@kassa/ui";
import { session } from "../app/api";
import { Door } from "./Door";
import { useAttempt } from "./useAttempt";

/** A colleague's first visit: a name and a password, then the panel. */
export function AcceptInvitation({ token }: { token: string }) {
  const { t } = useTranslation();
  const { error, isBusy, attempt } = useAttempt();
  const submit = (values: Record<string, string>) =>
    void attempt(async () => {
      await session.signIn({ ...values, token }, "/api/v1/auth/invitation");
      location.replace("/admin/");
    });
  return (
    <Door title={t("signin.invitation_title")} hint={t("signin.invitation_hint")} error={error} onSubmit={submit}>
      <Field label={t("signin.name")}><Input name="name" autoComplete="name" autoFocus required className="h-11" /></Field>
      <Field label={t("signin.password")} hint={t("signin.password_hint")}><Input name="password" type="password" autoComplete="new-password" required minLength={10} className="h-11" /></Field>
      <Button type="submit" look="primary" size="lg" isBusy={isBusy}>{t("signin.begin")}</Button>
    </Door>
  );
}
