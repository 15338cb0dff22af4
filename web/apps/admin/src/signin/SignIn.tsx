import { ApiError } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Field, Input } from "@kassa/ui";
import { useState } from "react";
import { session } from "../app/api";
import { Door } from "./Door";
import { useAttempt } from "./useAttempt";

/** E-mail and password, then the code of the second factor where one is set up. */
export function SignIn({ onForgotten }: { onForgotten(): void }) {
  const { t } = useTranslation();
  const { error, isBusy, attempt } = useAttempt();
  const [first, setFirst] = useState<Record<string, string> | null>(null);

  function submit(values: Record<string, string>) {
    const credentials = { kind: "staff", ...first, ...values };
    void attempt(
      () => session.signIn(credentials),
      (problem) => {
        const wantsCode = problem instanceof ApiError && problem.code === "identity.totp_required";
        if (wantsCode) setFirst(values);
        return wantsCode;
      },
    );
  }

  if (first) {
    return (
      <Door title={t("signin.code_title")} hint={t("signin.code_hint")} error={error} onSubmit={submit}>
        <Field label={t("signin.code")}>
          <Input key="code" name="code" autoFocus required inputMode="text" autoComplete="one-time-code" maxLength={20} className="h-11 text-center font-mono text-lg tracking-[0.3em]" />
        </Field>
        <Button type="submit" look="primary" size="lg" isBusy={isBusy}>{t("signin.confirm")}</Button>
        <Button look="quiet" onClick={() => setFirst(null)}>{t("signin.other")}</Button>
      </Door>
    );
  }
  return (
    <Door title={t("signin.title")} hint={t("signin.hint")} error={error} onSubmit={submit}>
      <Field label={t("signin.email")}><Input name="email" type="email" autoComplete="username" autoFocus required className="h-11" /></Field>
      <Field label={t("signin.password")}><Input name="password" type="password" autoComplete="current-password" required className="h-11" /></Field>
      <Button type="submit" look="primary" size="lg" isBusy={isBusy}>{t("signin.submit")}</Button>
      <Button look="quiet" size="sm" onClick={onForgotten}>{t("signin.forgotten")}</Button>
    </Door>
  );
}
