import { Link, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, type ComponentProps } from "react";
import type { Search } from "./router";

/* Pages are a list (pages.ts), not types; these say once that an address is a string. */

interface To {
  to: string;
  search?: Search;
}

/** A link inside the panel. */
export const PageLink = ({ to, search, ...rest }: To & Omit<ComponentProps<"a">, "href">) => <Link to={to as never} search={(search ?? {}) as never} {...rest} />;

/** Goes to a page. */
export function useGo(): (to: string, search?: Search) => void {
  const navigate = useNavigate();
  return useCallback((to, search = {}) => void navigate({ to: to as never, search: search as never }), [navigate]);
}

/** The id in the address of a page about one thing. */
export const useId = (): string => (useParams({ strict: false }) as { id: string }).id;

/** The search parameters of the address, and a way to change some of them. */
export function useSearchParams(): [Search, (changes: Search) => void] {
  const search = useLocation().search as Search;
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Search) => void navigate({ to: "." as never, search: ((now: Search) => ({ ...now, ...changes })) as never, replace: true }),
    [navigate],
  );
  return [search, change];
}

/** The address without /admin in front. */
export const usePath = (): string => useLocation().pathname;
