import { ApiError } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { useQueryClient } from "@tanstack/react-query";
import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";

/** A short drop is nobody's business. */
const PATIENCE_MS = 1500;

/** Says that what is shown may be old, while the server cannot be reached. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const isLost = useIsLost();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(isLost), isLost ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [isLost]);
  return (
    <div role="status" aria-live="polite">
      {isShown && (
        <div className="flex items-center justify-center gap-2 bg-warn-soft px-4 py-2 text-[13px] font-medium text-warn">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          {t("shell.offline")}
        </div>
      )}
    </div>
  );
}

function useIsLost(): boolean {
  const cache = useQueryClient().getQueryCache();
  const [isOffline, setOffline] = useState(!navigator.onLine);
  const [isUnreachable, setUnreachable] = useState(false);
  useEffect(() => {
    const look = () => setOffline(!navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    const stop = cache.subscribe(({ query }) => {
      const { error, status, fetchFailureReason } = query.state;
      const reason = fetchFailureReason ?? error;
      if (reason instanceof ApiError && reason.code === "service.unreachable") setUnreachable(true);
      else if (status === "success" && !reason) setUnreachable(false);
    });
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
      stop();
    };
  }, [cache]);
  return isOffline || isUnreachable;
}
