import { ApiError } from "@kassa/api";
import { CloudOff } from "lucide-react";
import { Button } from "../ui/Button";
import { Empty } from "../ui/States";
import { hasText, translate, useI18n } from "./i18n";

/** An error in the person's language, with when to come back; what we have no words for is told as the API told it. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return translate("error.unexpected");
  const wait = Number(error.details.retry_after_s);
  const later = Number.isFinite(wait) ? ` ${translate("error.come_back", { count: Math.max(1, Math.ceil(wait / 60)) })}` : "";
  const facts = Object.fromEntries(Object.entries(error.details).filter(([, value]) => ["string", "number"].includes(typeof value)));
  const key = `error.${error.code}`;
  if (hasText(key)) return translate(key, facts as Record<string, string | number>) + later;
  if (error.status === 429) return translate("error.limit") + later;
  if (error.status >= 500) return translate("error.service");
  return [error.message, Object.values(error.fields).join("; ")].filter(Boolean).join(": ");
}

/** The state of a screen or a part of one whose data did not come. */
export function LoadFailed({ error, onRetry }: { error: unknown; onRetry?(): void }) {
  const { t } = useI18n();
  return (
    <Empty icon={<CloudOff />} title={t("state.failed")} action={onRetry && <Button look="soft" onClick={onRetry}>{t("action.retry")}</Button>}>
      {errorText(error)}
    </Empty>
  );
}
