/** Which business this is, and what a visitor may know of it before they sign in. */
import { data } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../app/session";

const KEPT = "kassa-organization";

/** A link may name one of several; the tab remembers it. */
export const organization = new URLSearchParams(location.search).get("organization") ?? sessionStorage.getItem(KEPT) ?? undefined;
if (organization) sessionStorage.setItem(KEPT, organization);

export const useSite = () =>
  useQuery({ queryKey: ["site"], queryFn: () => data(api.GET("/api/v1/chat/site", { params: { query: { organization } } })), staleTime: 300_000 });
