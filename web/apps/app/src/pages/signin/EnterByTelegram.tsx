import { ApiError } from "@kassa/api";
import { Send } from "lucide-react";
import { useEffect, useState } from "react";
import { Screen } from "../../app/Screen";
import { useI18n } from "../../app/i18n";
import { errorText } from "../../app/problems";
import { signInByTelegram } from "../../app/session";
import { Button } from "../../ui/Button";
import { Empty, Skeleton } from "../../ui/States";

/** Inside Telegram one is signed in by having opened the app. Its word for that ends after a day: then it has to be opened anew. */
export function EnterByTelegram() {
  const { t } = useI18n();
  const [problem, setProblem] = useState<unknown>(null);
  function enter() {
    setProblem(null);
    signInByTelegram().catch(setProblem);
  }
  useEffect(enter, []);
  if (problem === null) return <Screen><Skeleton className="h-40" /><Skeleton rows={3} /></Screen>;
  const isOver = problem instanceof ApiError && problem.status === 401;
  return (
    <Screen>
      <Empty icon={<Send />} title={t(isOver ? "telegram.reopen" : "state.failed")} action={!isOver && <Button onClick={enter}>{t("action.retry")}</Button>}>
        {isOver ? t("telegram.reopen_hint") : errorText(problem)}
      </Empty>
    </Screen>
  );
}
