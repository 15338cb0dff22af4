import { data } from "@kassa/api";
import { useLocation, useSearchParams } from "wouter";
import { useI18n } from "../../app/i18n";
import { api } from "../../app/session";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/toast";
import { Paper, Problem } from "./Paper";
import { useAttempt } from "./useAttempt";

/** Where the letter's link leads: a new password. */
export default function Reset() {
  const { t } = useI18n();
  const [, go] = useLocation();
  const [query] = useSearchParams();
  const { isBusy, problem, onSubmit } = useAttempt(async ({ password }) => {
    await data(api.POST("/api/v1/auth/password/reset", { body: { token: query.get("token") ?? "", password: password! } }));
    toast(t("signin.reset_done"));
    go("/login", { replace: true });
  });
  return (
    <Paper title={t("signin.reset_title")} back="/login">
      <form onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
        <Field label={t("signin.new_password")} hint={t("signin.password_hint")} name="password" type="password" autoComplete="new-password" required minLength={8} maxLength={256} />
        <Problem text={problem} />
        <Button type="submit" isWide isBusy={isBusy}>{t("action.save")}</Button>
      </form>
    </Paper>
  );
}
