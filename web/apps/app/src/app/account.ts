/** What several screens ask about the person: who they are and what they have. */
import { data, type Got, type Row } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { useI18n } from "./i18n";
import { api, queries } from "./session";

export type Me = Got<"/api/v1/auth/me">;
export type Account = Got<"/api/v1/billing/account">;
export type PlanOut = Row<"/api/v1/plans">;

export const useMe = () => useQuery({ queryKey: ["me"], queryFn: () => data(api.GET("/api/v1/auth/me")), staleTime: 60_000 });

export const useAccount = () => useQuery({ queryKey: ["account"], queryFn: () => data(api.GET("/api/v1/billing/account")) });

export function usePlans() {
  const { locale } = useI18n();
  return useQuery({
    queryKey: ["plans", locale],
    queryFn: () => data(api.GET("/api/v1/plans", { params: { query: { locale } } })).then((page) => page.items),
    staleTime: 60_000,
  });
}

/** Money or tokens have moved: whatever shows them looks again. */
export function refreshAccount(): Promise<unknown> {
  return Promise.all([queries.invalidateQueries({ queryKey: ["account"] }), queries.invalidateQueries({ queryKey: ["orders"] }), queries.invalidateQueries({ queryKey: ["usage"] })]);
}

export const tokensOf = (account: Account): Account["balances"][number] | undefined => account.balances.find((one) => one.asset === "TOKEN");
