import { data } from "@kassa/api";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { useI18n } from "../../app/i18n";
import { api } from "../../app/session";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Empty } from "../../ui/States";
import { Paper, Problem } from "./Paper";
import { organization } from "./site";
import { useAttempt } from "./useAttempt";

export default function Forgotten() {
  const { t } = useI18n();
  const [isSent, setSent] = useState(false);
  const { isBusy, problem, onSubmit } = useAttempt(async ({ email }) => {
    await data(api.POST("/api/v1/auth/password/forgotten", { body: { email: email!, kind: "customer", organization } }));
    setSent(true);
  });
  return (
    <Paper title={t("signin.forgotten_title")} back="/login">
      {isSent ? (
        <Empty icon={<MailCheck />} title={t("signin.sent")}>{t("signin.sent_hint")}</Empty>
      ) : (
        <form onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
          <p className="px-1 text-ink-soft">{t("signin.forgotten_hint")}</p>
          <Field label={t("signin.email")} name="email" type="email" autoComplete="username" required maxLength={254} inputMode="email" />
          <Problem text={problem} />
          <Button type="submit" isWide isBusy={isBusy}>{t("signin.send")}</Button>
        </form>
      )}
    </Paper>
  );
}
