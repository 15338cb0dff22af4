import { Link, useLocation } from "wouter";
import { currentLocale, useI18n } from "../../app/i18n";
import { session } from "../../app/session";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Paper, Problem } from "./Paper";
import { organization } from "./site";
import { TelegramButtons } from "./TelegramButtons";
import { useAttempt } from "./useAttempt";

export default function Register() {
  const { t } = useI18n();
  const [, go] = useLocation();
  const { isBusy, problem, onSubmit } = useAttempt(async ({ email, password, name }) => {
    await session.signIn({ email, password, name, organization, locale: currentLocale() }, "/api/v1/auth/register");
    go("/", { replace: true });
  });
  return (
    <Paper title={t("signin.register_title")}>
      <form onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
        <Field label={t("signin.name")} name="name" autoComplete="name" maxLength={200} />
        <Field label={t("signin.email")} name="email" type="email" autoComplete="username" required maxLength={254} inputMode="email" />
        <Field label={t("signin.password")} hint={t("signin.password_hint")} name="password" type="password" autoComplete="new-password" required minLength={8} maxLength={256} />
        <Problem text={problem} />
        <Button type="submit" isWide isBusy={isBusy}>{t("signin.register_submit")}</Button>
      </form>
      <p className="px-1 text-[15px] text-ink-soft">{t("signin.have_account")} <Link href="/login" className="text-brand-text underline underline-offset-4">{t("signin.submit")}</Link></p>
      <TelegramButtons title={t("signin.or")} />
    </Paper>
  );
}
