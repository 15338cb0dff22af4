import { data } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../../app/api";

const of = (id: string) => ({ params: { path: { customer_id: id } } });

/** One customer. */
export const cardQuery = (id: string) => queryOptions({ queryKey: ["customer", id], queryFn: () => data(api.GET("/api/v1/admin/customers/{customer_id}", of(id))) });

/** The block in force, when the customer gets no service. */
export const banQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id, "ban"],
    queryFn: async () => (await data(api.GET("/api/v1/admin/blocks", { params: { query: { customer_id: id, live: true, limit: 1 } } }))).items[0] ?? null,
  });

/** What a customer has, grant by grant. */
export const balancesQuery = (id: string) => queryOptions({ queryKey: ["customer", id, "balances"], queryFn: () => data(api.GET("/api/v1/admin/customers/{customer_id}/balances", of(id))) });

/** Where a customer is signed in. */
export const sessionsQuery = (id: string) => queryOptions({ queryKey: ["customer", id, "sessions"], queryFn: () => data(api.GET("/api/v1/admin/customers/{customer_id}/sessions", of(id))) });

/** The installation's levels as the member reads them: all for a filter, and a customer's own by its key. */
export function useLevels() {
  const locale = useTranslation().i18n.language;
  const { data: all = [] } = useQuery({
    queryKey: ["levels", locale],
    queryFn: async () => (await data(api.GET("/api/v1/admin/levels", { params: { query: { locale } } }))).items,
  });
  return { all, name: (key: string) => all.find((level) => level.key === key)?.name ?? key };
}
