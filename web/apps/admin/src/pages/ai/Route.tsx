import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Switch } from "@kassa/ui";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { useVerb } from "../../parts/useVerb";
import { usePriceText } from "./price";

export type RouteRow = Row<"/api/v1/admin/ai/routes">;

/** One way to buy a model, with its switch. */
export function Route({ route }: { route: RouteRow }) {
  const { t } = useTranslation();
  const priceText = usePriceText();
  return (
    <li className="flex items-start gap-4 py-3">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2 font-medium">{route.endpoint}<RouteState route={route} /></div>
        <div className="truncate font-mono text-[13px] text-ink-soft">{route.upstream_name}</div>
        <div className="text-[13px] text-ink-faint">{t("route.order", { priority: route.priority, weight: route.weight })} · {t("route.cost")}: {priceText(route.cost, true)}</div>
      </div>
      <RouteSwitch route={route} />
    </li>
  );
}

/** Whether a route is used now, and why not. */
export function RouteState({ route }: { route: RouteRow }) {
  const { t } = useTranslation();
  const { time } = useFormats();
  if (!route.enabled) return <Badge>{t("status.off")}</Badge>;
  if (!route.has_driver) return <Badge tone="warn">{t("route.no_driver")}</Badge>;
  if (route.blocked_until) return <span title={`${route.blocked_reason} · ${time(route.blocked_until)}`}><Badge tone="bad">{t("status.resting")}</Badge></span>;
  return <Badge tone="good">{t("status.on")}</Badge>;
}

/** Switches a route on (which lifts a block) or off. */
export function RouteSwitch({ route }: { route: RouteRow }) {
  const { t } = useTranslation();
  const mayEdit = useCan()("ai.edit");
  const change = useVerb((enabled: boolean) => api.PUT("/api/v1/admin/ai/routes/{route_id}", { params: { path: { route_id: route.id } }, body: { enabled } }), t("profile.saved"));
  return <Switch checked={change.isPending ? Boolean(change.variables) : route.enabled} disabled={!mayEdit} onChange={(enabled) => change.mutate(enabled)} label={t("route.switch", { model: route.model, endpoint: route.endpoint })} />;
}
