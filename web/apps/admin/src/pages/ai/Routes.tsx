import { useTranslation } from "@kassa/i18n";
import { Button, MenuItem, Tabs } from "@kassa/ui";
import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useCan } from "../../app/me";
import { PageLink, useSearchParams } from "../../app/nav";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { PageHead } from "../../parts/PageHead";
import { Endpoints } from "./Endpoints";
import { usePriceText } from "./price";
import { RouteState, RouteSwitch, type RouteRow } from "./Route";
import { RouteDialog } from "./RouteDialog";

/** Where models are bought: which endpoint is asked first, at what cost. */
export default function Routes() {
  const { t } = useTranslation();
  const can = useCan();
  const [search, change] = useSearchParams();
  const [edited, setEdited] = useState<RouteRow | "new" | null>(null);
  return (
    <>
      <PageHead title={t("page.routes")} description={t("route.about")} actions={can("ai.edit") && search.tab !== "endpoints" && <Button look="primary" onClick={() => setEdited("new")}><Plus aria-hidden />{t("route.add")}</Button>} />
      <Tabs
        label={t("page.routes")}
        value={search.tab === "endpoints" ? "endpoints" : "routes"}
        onChange={(tab) => change({ tab: tab === "endpoints" ? tab : undefined, q: undefined })}
        tabs={[
          { value: "routes", label: t("page.routes"), content: <RouteList onEdit={setEdited} /> },
          { value: "endpoints", label: t("endpoint.list"), content: <Endpoints /> },
        ]}
      />
      {edited && <RouteDialog route={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function RouteList({ onEdit }: { onEdit(route: RouteRow): void }) {
  const { t } = useTranslation();
  const mayEdit = useCan()("ai.edit");
  const priceText = usePriceText();
  const columns: Column<RouteRow>[] = [
    { id: "model", label: t("dialog.model"), cell: (route) => <PageLink to={`/models/${route.model}`} className="font-medium hover:underline">{route.model}</PageLink> },
    { id: "endpoint", label: t("endpoint.one"), cell: (route) => <span>{route.endpoint}<span className="block max-w-64 truncate font-mono text-[13px] text-ink-faint">{route.upstream_name}</span></span> },
    { id: "driver", label: t("route.driver"), cell: (route) => <span className="font-mono text-[13px]">{route.driver}</span>, isExtra: true },
    { id: "priority", label: t("route.priority"), cell: (route) => route.priority, isNumber: true },
    { id: "weight", label: t("route.weight"), cell: (route) => route.weight, isNumber: true, isExtra: true },
    { id: "cost", label: t("route.cost"), cell: (route) => <span className="text-[13px] whitespace-normal">{priceText(route.cost, true)}</span>, isNumber: true },
    { id: "state", label: t("staff.status"), cell: (route) => <RouteState route={route} /> },
    { id: "switch", label: t("route.on"), cell: (route) => <RouteSwitch route={route} /> },
  ];
  return <ListPage isPart path="/api/v1/admin/ai/routes" title={t("page.routes")} searchHint={t("route.search")} columns={columns} actions={mayEdit ? (route) => <MenuItem icon={<Pencil />} onSelect={() => onEdit(route)}>{t("action.change")}</MenuItem> : undefined} />;
}
