import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { Shell } from "./Shell";
import { queries } from "./api";
import { meQuery } from "./me";
import { PAGES, PROFILE } from "./pages";
import { Broken, Nowhere } from "./problems";

/** Every search parameter is a plain string, so that addresses can be read and written by people. */
export type Search = Record<string, string | undefined>;

const root = createRootRoute({ component: Shell, notFoundComponent: Nowhere, errorComponent: Broken, validateSearch: (search: Search) => search });

/** The first page that the person may see: not everybody may see the dashboard. */
const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async () => {
    const { permissions } = await queries.ensureQueryData(meQuery);
    const first = PAGES.find((page) => page.needs.length === 0 || page.needs.some((need) => permissions.includes(need)));
    throw redirect({ to: (first ?? PROFILE).path as never });
  },
});

const routes = PAGES.flatMap((page) => [page, ...(page.below ?? [])]).map(({ path, load }) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load), errorComponent: Broken }),
);

export const router = createRouter({
  routeTree: root.addChildren([home, ...routes]),
  basepath: "/admin",
  defaultPreload: "intent",
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const kept = Object.entries(search as Search).filter((pair): pair is [string, string] => Boolean(pair[1]));
    return kept.length ? `?${new URLSearchParams(kept)}` : "";
  },
});
