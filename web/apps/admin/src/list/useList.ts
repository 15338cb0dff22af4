import { type ListPath, type Row } from "@kassa/api";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "../app/api";
import type { Search } from "../app/router";

const PAGE = 50;
/** Lists look again by themselves while somebody looks at their beginning. */
const REFRESH_MS = 20_000;

interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** The rows of a list, a page at a time. Pages of the API are typed by their address; here only their frame matters. */
export function useList<P extends ListPath>(path: P, search: Search, at?: Record<string, string>) {
  const query = Object.fromEntries(Object.entries(search).filter(([, value]) => value));
  const found = useInfiniteQuery({
    queryKey: [path, at, query],
    queryFn: async ({ pageParam, signal }) => {
      const get = api.GET as (path: string, options: object) => Promise<{ data?: Page<Row<P>> }>;
      const answer = await get(path, { params: { path: at, query: { ...query, limit: PAGE, cursor: pageParam } }, signal });
      return answer.data as Page<Row<P>>;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: (state) => ((state.state.data?.pages.length ?? 0) <= 1 && !state.state.error ? REFRESH_MS : false),
    placeholderData: (before) => before,
  });
  return { ...found, rows: found.data?.pages.flatMap((page) => page.items) ?? [] };
}
