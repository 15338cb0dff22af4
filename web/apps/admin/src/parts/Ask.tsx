import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "@kassa/i18n";
import { Skeleton } from "@kassa/ui";
import type { ReactNode } from "react";
import { LoadFailed } from "../app/problems";

/** An answer on its way, not coming, or here. */
export function Ask<T>({ query, children, lines = 5 }: { query: UseQueryResult<T>; children(answer: T): ReactNode; lines?: number }) {
  const { t } = useTranslation();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <LoadFailed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div role="status" className="grid gap-3 py-2">
      <span className="sr-only">{t("state.loading")}</span>
      {Array.from({ length: lines }, (_, line) => <Skeleton key={line} className="h-5" />)}
    </div>
  );
}
