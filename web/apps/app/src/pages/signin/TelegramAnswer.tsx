import { data } from "@kassa/api";
import { Send } from "lucide-react";
import { useEffect, useState } from "react";
import { useI18n } from "../../app/i18n";
import { errorText } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api, queries, session } from "../../app/session";
import { Button } from "../../ui/Button";
import { Empty, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";

const MARK = "#tgAuthResult=";

/** What Telegram's page came back with: who the person is, signed. Nothing when they refused. */
function answer(): Record<string, string | number> | null {
  const packed = location.hash.slice(MARK.length);
  if (packed === "false") return null;
  const bytes = Uint8Array.from(atob(packed.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string | number>;
}

/** Back from Telegram's page: a sign-in, or one more way in for who is signed in already. */
export default function TelegramAnswer({ onDone }: { onDone(): void }) {
  const { t } = useI18n();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const bot_id = new URLSearchParams(location.search).get("login_bot") ?? "";
    const isLink = session.isSignedIn;
    const enter = async () => {
      const facts = answer();
      // Signed words are for one use: neither reloading nor copying the address shall repeat them.
      history.replaceState(null, "", isLink ? "/profile/account" : "/");
      if (facts && isLink) {
        await data(api.POST("/api/v1/auth/link/telegram", { body: { facts, bot_id } }));
        await queries.invalidateQueries();
        toast(t("account.telegram_linked"));
      } else if (facts) {
        await session.signIn({ facts, bot_id }, "/api/v1/auth/telegram/widget");
      }
      onDone();
    };
    enter().catch((error: unknown) => setProblem(errorText(error)));
  }, []);
  if (!problem) return <Screen><Skeleton className="h-40" /></Screen>;
  return <Screen><Empty icon={<Send />} title={t("telegram.failed")} action={<Button onClick={onDone}>{t("action.back")}</Button>}>{problem}</Empty></Screen>;
}
