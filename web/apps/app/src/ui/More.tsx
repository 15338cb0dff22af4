import { useEffect, useRef } from "react";
import { useI18n } from "../app/i18n";
import { LoadFailed } from "../app/problems";
import { Button } from "./Button";
import { Skeleton } from "./States";

interface Pages {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
  refetch(): Promise<unknown>;
}

/** The end of a list: the next page comes when one gets here, or by the button. */
export function More({ query }: { query: Pages }) {
  const { t } = useI18n();
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (!hasNextPage || !end.current) return;
    const watcher = new IntersectionObserver(([seen]) => seen?.isIntersecting && !isFetchingNextPage && void fetchNextPage(), { rootMargin: "400px" });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [hasNextPage, isFetchingNextPage]);
  if (query.isPending) return <Skeleton rows={4} />;
  if (query.isError) return <LoadFailed error={query.error} onRetry={() => void query.refetch()} />;
  if (!hasNextPage) return null;
  return <div ref={end} className="grid justify-items-center"><Button look="plain" size="small" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("action.more")}</Button></div>;
}
