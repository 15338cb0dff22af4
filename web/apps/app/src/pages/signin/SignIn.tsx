import { Link, useLocation, useSearchParams } from "wouter";
import { useI18n } from "../../app/i18n";
import { session } from "../../app/session";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Paper, Problem } from "./Paper";
import { organization } from "./site";
import { TelegramButtons } from "./TelegramButtons";
import { useAttempt } from "./useAttempt";

/** An address of ours to go on to; anything else would lead people away from here. */
export const safeNext = (wanted: string | null): string => (wanted && /^\/(?![/\\])/.test(wanted) ? wanted : "/");

export function SignIn() {
  const { t } = useI18n();
  const [, go] = useLocation();
  const [query] = useSearchParams();
  const { isBusy, problem, onSubmit } = useAttempt(async ({ email, password }) => {
    await session.signIn({ email, password, organization, kind: "customer" });
    go(safeNext(query.get("next")), { replace: true });
  });
  return (
    <Paper title={t("signin.title")}>
      <form onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
        <Field label={t("signin.email")} name="email" type="email" autoComplete="username" required maxLength={254} inputMode="email" />
        <Field label={t("signin.password")} name="password" type="password" autoComplete="current-password" required maxLength={256} />
        <Problem text={problem} />
        <Button type="submit" isWide isBusy={isBusy}>{t("signin.submit")}</Button>
      </form>
      <div className="flex flex-wrap justify-between gap-x-4 gap-y-2 px-1 text-[15px]">
        <Link href="/forgotten" className="text-brand-text underline-offset-4 hover:underline">{t("signin.forgotten")}</Link>
        <Link href="/register" className="text-brand-text underline-offset-4 hover:underline">{t("signin.register")}</Link>
      </div>
      <TelegramButtons title={t("signin.or")} />
    </Paper>
  );
}
