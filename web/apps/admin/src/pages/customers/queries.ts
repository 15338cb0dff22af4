import { data } from "@kassa/api";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../app/api";

const of = (id: string) => ({ params: { path: { customer_id: id } } });

/** Why a customer gets no service; null when they get it. */
export const banQuery = (id: string) => queryOptions({ queryKey: ["customer", id, "ban"], queryFn: () => data(api.GET("/api/v1/admin/customers/{customer_id}/ban", of(id))) });

/** What a customer has, grant by grant. */
export const balancesQuery = (id: string) => queryOptions({ queryKey: ["customer", id, "balances"], queryFn: () => data(api.GET("/api/v1/admin/customers/{customer_id}/balances", of(id))) });

/** Where a customer is signed in. */
export const sessionsQuery = (id: string) => queryOptions({ queryKey: ["customer", id, "sessions"], queryFn: () => data(api.GET("/api/v1/admin/customers/{customer_id}/sessions", of(id))) });
