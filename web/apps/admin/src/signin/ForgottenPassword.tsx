import { useTranslation } from "@kassa/i18n";
import { Button, Field, Input, Note } from "@kassa/ui";
import { useState } from "react";
import { api } from "../app/api";
import { Door } from "./Door";
import { useAttempt } from "./useAttempt";

/** Asks for mail with a link to a new password; the answer never tells who has an account. */
export function ForgottenPassword({ onBack }: { onBack(): void }) {
  const { t } = useTranslation();
  const { error, isBusy, attempt } = useAttempt();
  const [isSent, setSent] = useState(false);
  const submit = (values: Record<string, string>) =>
    void attempt(async () => {
      await api.POST("/api/v1/auth/password/forgotten", { body: { email: values.email ?? "", kind: "staff" } });
      setSent(true);
    });
  return (
    <Door title={t("signin.forgotten_title")} hint={t("signin.forgotten_hint")} error={error} onSubmit={submit}>
      {isSent ? (
        <Note tone="good" role="status">{t("signin.sent")}</Note>
      ) : (
        <>
          <Field label={t("signin.email")}><Input name="email" type="email" autoComplete="username" autoFocus required className="h-11" /></Field>
          <Button type="submit" look="primary" size="lg" isBusy={isBusy}>{t("signin.send_link")}</Button>
        </>
      )}
      <Button look="quiet" size="sm" onClick={onBack}>{t("signin.back")}</Button>
    </Door>
  );
}
