import { data } from "@kassa/api";
import { BadgeCheck, MailX } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { Screen } from "../../app/Screen";
import { useI18n } from "../../app/i18n";
import { errorText } from "../../app/problems";
import { api, queries } from "../../app/session";
import { buttonClass } from "../../ui/Button";
import { Empty, Skeleton } from "../../ui/States";

/** Where the letter's link leads: the address is confirmed by looking at this page. */
export default function Verify() {
  const { t } = useI18n();
  const [query] = useSearchParams();
  const [problem, setProblem] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    const confirm = async () => {
      await data(api.POST("/api/v1/auth/verify", { body: { token: query.get("token") ?? "" } }));
      await queries.invalidateQueries({ queryKey: ["me"] });
    };
    confirm().then(() => setProblem(null), (error: unknown) => setProblem(errorText(error)));
  }, []);
  const on = <Link href="/" className={buttonClass()}>{t("state.to_start")}</Link>;
  if (problem === undefined) return <Screen><Skeleton className="h-40" /></Screen>;
  if (problem) return <Screen><Empty icon={<MailX />} title={t("verify.failed")} action={on}>{problem}</Empty></Screen>;
  return <Screen><Empty icon={<BadgeCheck />} title={t("verify.done")} action={on}>{t("verify.done_hint")}</Empty></Screen>;
}
