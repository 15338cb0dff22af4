import { data, type Row } from "@kassa/api";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "../../app/session";

export type Order = Row<"/api/v1/billing/history">;

/** One's orders, the newest first, page after page. */
export function useOrders() {
  const query = useInfiniteQuery({
    queryKey: ["orders"],
    queryFn: ({ pageParam }) => data(api.GET("/api/v1/billing/history", { params: { query: { limit: 30, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return { query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

export const isPaidFor = (order: Order): boolean => order.status === "paid" || order.status === "partially_refunded";
