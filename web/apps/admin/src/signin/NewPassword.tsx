import { useTranslation } from "@kassa/i18n";
import { Button, Field, Input, toast } from "@kassa/ui";
import { api } from "../app/api";
import { Door } from "./Door";
import { useAttempt } from "./useAttempt";

/** Sets a new password by the secret that came by mail. */
export function NewPassword({ token, onDone }: { token: string; onDone(): void }) {
  const { t } = useTranslation();
  const { error, isBusy, attempt } = useAttempt();
  const submit = (values: Record<string, string>) =>
    void attempt(async () => {
      await api.POST("/api/v1/auth/password/reset", { body: { token, password: values.password ?? "" } });
      toast.success(t("signin.changed"));
      onDone();
    });
  return (
    <Door title={t("signin.new_title")} hint={t("signin.new_hint")} error={error} onSubmit={submit}>
      <Field label={t("signin.new_password")} hint={t("signin.password_hint")}><Input name="password" type="password" autoComplete="new-password" autoFocus required minLength={10} className="h-11" /></Field>
      <Button type="submit" look="primary" size="lg" isBusy={isBusy}>{t("action.save")}</Button>
    </Door>
  );
}
