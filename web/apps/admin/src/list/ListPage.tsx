import type { ListPath, Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Card, cn, Empty, IconButton, Sheet, Skeleton } from "@kassa/ui";
import { Inbox, RotateCw, SearchX } from "lucide-react";
import { useEffect, useRef } from "react";
import { useSearchParams } from "../app/nav";
import type { Search } from "../app/router";
import { LoadFailed } from "../app/problems";
import { PageHead } from "../parts/PageHead";
import { Cards } from "./Cards";
import { useColumns } from "./columns";
import { ColumnsMenu } from "./ColumnsMenu";
import { ExportMenu } from "./ExportMenu";
import { FilterBar, isNarrowed } from "./FilterBar";
import { Table } from "./Table";
import type { Filter, ListProps } from "./types";
import { useIsPhone } from "./useIsPhone";
import { useList } from "./useList";

const addressOf = (path: string, at: Record<string, string> = {}) => path.replace(/\{(\w+)\}/g, (_, name: string) => at[name] ?? "");
const idOf = (row: unknown) => (row as { id: string }).id;

/** A whole page of one list: search, filters in the address, table or cards, more on demand, export. */
export function ListPage<P extends ListPath>(props: ListProps<P>) {
  const { path, title, description, filters = [], searchHint, buttons, fixed, canExport = true, emptyHint, isPart = false, rowKey = idOf } = props;
  const { t } = useTranslation();
  const [search, change] = useSearchParams();
  const isPhone = useIsPhone();
  const names = ["q", ...filters.flatMap((filter) => (filter.kind === "period" ? [filter.from, filter.until] : [filter.name]))];
  const wanted = { ...chosenOf(search, filters), ...fixed };
  const list = useList(path, wanted, props.at);
  const { shown, hidden, toggle } = useColumns(path, props.columns);
  const isEmpty = list.isSuccess && list.rows.length === 0;
  const Rows = isPhone ? Cards<Row<P>> : Table<Row<P>>;
  const { detail } = props;
  const linkTo = detail ? (row: Row<P>) => ({ to: ".", search: { ...search, open: rowKey(row) } }) : props.linkTo;
  const opened = detail && search.open ? list.rows.find((row) => rowKey(row) === search.open) : undefined;
  return (
    <>
      {!isPart && <PageHead title={title} description={description} actions={buttons} />}
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <FilterBar filters={filters} searchHint={searchHint} />
        <div className="ml-auto flex items-center gap-1.5">
          {!isPhone && <IconButton label={t("action.refresh")} onClick={() => void list.refetch()}><RotateCw aria-hidden className={cn(list.isFetching && "animate-spin")} /></IconButton>}
          {!isPhone && <ColumnsMenu columns={props.columns} hidden={hidden} onToggle={toggle} />}
          {canExport && <ExportMenu path={addressOf(path, props.at)} search={wanted} />}
          {isPart && buttons}
        </div>
      </div>
      <Card isFlush className="overflow-hidden">
        {list.isPending && <Waiting />}
        {list.isError && list.rows.length === 0 && <LoadFailed error={list.error} onRetry={() => void list.refetch()} />}
        {isEmpty && (isNarrowed(search, names) ? <Empty icon={<SearchX />} title={t("list.nothing_found")}>{t("list.nothing_found_hint")}</Empty> : <Empty icon={<Inbox />} title={t("list.empty")}>{emptyHint}</Empty>)}
        {list.rows.length > 0 && <Rows label={title} rows={list.rows} columns={shown} rowKey={rowKey} linkTo={linkTo} actions={props.actions} isOld={list.isPlaceholderData} />}
      </Card>
      {detail && opened && (
        <Sheet isOpen side="right" onClose={() => change({ open: undefined })} title={detail.title(opened)} closeLabel={t("action.close")}>
          <div className="px-4 pb-6">{detail.content(opened)}</div>
        </Sheet>
      )}
      <More hasMore={list.hasNextPage} isBusy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </>
  );
}

/** What the API is asked for: days of the person's calendar become moments. */
function chosenOf(search: Search, filters: Filter[]): Search {
  const chosen: Search = { q: search.q };
  for (const filter of filters) {
    if (filter.kind === "period") {
      chosen[filter.from] = search[filter.from] && new Date(`${search[filter.from]}T00:00:00`).toISOString();
      chosen[filter.until] = search[filter.until] && new Date(`${search[filter.until]}T23:59:59.999`).toISOString();
    } else {
      chosen[filter.name] = search[filter.name];
    }
  }
  return chosen;
}

function Waiting() {
  const { t } = useTranslation();
  return (
    <div role="status" className="grid gap-4 p-4">
      <span className="sr-only">{t("state.loading")}</span>
      {[72, 88, 64, 80, 70, 84].map((width) => <Skeleton key={width} className="h-5" />)}
    </div>
  );
}

/** The next page comes when its place is scrolled into sight; the button is for whoever does not scroll. */
function More({ hasMore, isBusy, onMore }: { hasMore: boolean; isBusy: boolean; onMore(): void }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    if (!hasMore || isBusy || !place.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && more.current(), { rootMargin: "400px" });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [hasMore, isBusy]);
  if (!hasMore) return null;
  return <div ref={place} className="mt-4 flex justify-center"><Button isBusy={isBusy} onClick={onMore}>{t("list.more")}</Button></div>;
}
