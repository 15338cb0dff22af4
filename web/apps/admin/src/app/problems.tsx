import { ApiError } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Empty, Failed } from "@kassa/ui";
import { Compass, Lock } from "lucide-react";
import { useCallback } from "react";
import { PageLink } from "./nav";

/** An error in the person's language; what we have no words for is told as the API told it. */
export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (error) => {
      if (!(error instanceof ApiError)) return t("error.unexpected");
      const key = `error.${error.code}`;
      if (i18n.exists(key)) return String(t(key, error.details));
      const facts = Object.values(error.fields).join("; ");
      return [error.message, facts].filter(Boolean).join(": ");
    },
    [t, i18n],
  );
}

/** The state of a page or a part of one whose data did not come. */
export function LoadFailed({ error, onRetry }: { error: unknown; onRetry?(): void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  if (error instanceof ApiError && error.status === 403) return <Empty icon={<Lock />} title={t("state.denied")}>{t("state.denied_hint")}</Empty>;
  if (error instanceof ApiError && error.status === 404) return <Empty icon={<Compass />} title={t("state.gone")}>{t("state.gone_hint")}</Empty>;
  return <Failed title={t("state.failed")} retryLabel={t("action.retry")} onRetry={onRetry}>{text(error)}</Failed>;
}

/** A bug on the page: the rest of the panel goes on. */
export function Broken({ error, reset }: { error: unknown; reset?(): void }) {
  const { t } = useTranslation();
  // A chunk of an older version is gone after an update: the page has to be loaded anew.
  const isStale = error instanceof TypeError && /import|module/i.test(error.message);
  if (error instanceof ApiError) return <LoadFailed error={error} onRetry={reset} />;
  return (
    <Failed title={isStale ? t("state.updated") : t("state.broken")} retryLabel={t("action.reload")} onRetry={() => location.reload()}>
      {isStale ? t("state.updated_hint") : error instanceof Error ? error.message : String(error)}
    </Failed>
  );
}

/** An address that leads nowhere. */
export function Nowhere() {
  const { t } = useTranslation();
  return (
    <Empty icon={<Compass />} title={t("state.nowhere")} action={<Button asChild look="primary"><PageLink to="/">{t("state.to_start")}</PageLink></Button>}>
      {t("state.nowhere_hint")}
    </Empty>
  );
}
