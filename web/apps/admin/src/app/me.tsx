import { data, type Got, type Schema } from "@kassa/api";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api } from "./api";

export type Me = Got<"/api/v1/admin/me">;
export type Permission = Schema["Permission"];

/** Who is signed in and what they may do. */
export const meQuery = queryOptions({ queryKey: ["me"], queryFn: () => data(api.GET("/api/v1/admin/me", {})), staleTime: 60_000 });

/** Whoever is signed in; only below the shell, which has asked already. */
export const useMe = () => useSuspenseQuery(meQuery).data;

/** Whether the person may do something. The server decides; this only hides what it would refuse. */
export function useCan(): (...anyOf: Permission[]) => boolean {
  const { permissions } = useMe();
  return (...anyOf) => anyOf.length === 0 || anyOf.some((permission) => permissions.includes(permission));
}
