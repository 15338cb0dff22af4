import { data } from "@kassa/api";
import { queryOptions } from "@tanstack/react-query";
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
