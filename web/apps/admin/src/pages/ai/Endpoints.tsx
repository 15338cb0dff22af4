import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Dialog, Field, Input, MenuItem } from "@kassa/ui";
import { Pencil, Plus, Power, PowerOff } from "lucide-react";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Status } from "../../parts/Status";
import { useVerb } from "../../parts/useVerb";

type Endpoint = Row<"/api/v1/admin/ai/endpoints">;

/** Addresses where models are bought: vendors, resellers, servers of one's own. */
export function Endpoints() {
  const { t } = useTranslation();
  const mayEdit = useCan()("ai.edit");
  const [edited, setEdited] = useState<Endpoint | "new" | null>(null);
  const flip = useVerb((one: Endpoint) => api.PUT("/api/v1/admin/ai/endpoints/{name}", { params: { path: { name: one.name } }, body: { enabled: !one.enabled } }), t("profile.saved"));
  const columns: Column<Endpoint>[] = [
    { id: "name", label: t("endpoint.one"), cell: (one) => <span className="font-medium">{one.name}</span> },
    { id: "url", label: t("endpoint.url"), cell: (one) => <span className="font-mono text-[13px] break-all">{one.base_url || "—"}</span> },
    { id: "provider", label: t("endpoint.provider"), cell: (one) => one.provider, isExtra: true },
    { id: "state", label: t("staff.status"), cell: (one) => <Status value={one.enabled ? "on" : "off"} tone={one.enabled ? "good" : "mute"} /> },
  ];
  return (
    <>
      <ListPage
        isPart
        path="/api/v1/admin/ai/endpoints"
        title={t("endpoint.list")}
        columns={columns}
        buttons={mayEdit && <Button onClick={() => setEdited("new")}><Plus aria-hidden />{t("endpoint.add")}</Button>}
        actions={mayEdit ? (one) => <><MenuItem icon={<Pencil />} onSelect={() => setEdited(one)}>{t("action.change")}</MenuItem><MenuItem icon={one.enabled ? <PowerOff /> : <Power />} onSelect={() => flip.mutate(one)}>{one.enabled ? t("action.off") : t("action.on")}</MenuItem></> : undefined}
      />
      {edited && <EndpointDialog endpoint={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function EndpointDialog({ endpoint, onClose }: { endpoint: Endpoint | null; onClose(): void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(endpoint?.name ?? "");
  const [url, setUrl] = useState(endpoint?.base_url ?? "");
  const saving = useVerb(
    async () => {
      if (endpoint) await api.PUT("/api/v1/admin/ai/endpoints/{name}", { params: { path: { name } }, body: { base_url: url } });
      else await api.POST("/api/v1/admin/ai/endpoints", { body: { name, base_url: url, provider: "" } });
    },
    t("profile.saved"),
    onClose,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Dialog isOpen onClose={onClose} size="sm" title={endpoint ? endpoint.name : t("endpoint.add")} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="endpoint" look="primary" isBusy={saving.isPending}>{t("action.save")}</Button></>}>
      <form id="endpoint" onSubmit={submit} className="grid gap-4">
        {!endpoint && <Field label={t("endpoint.name")} hint={t("endpoint.name_hint")}><Input required pattern="[a-z0-9][a-z0-9_\-]{0,40}" value={name} onChange={(event) => setName(event.target.value)} className="font-mono" /></Field>}
        <Field label={t("endpoint.url")}><Input required type="url" value={url} onChange={(event) => setUrl(event.target.value)} placeholder="https://api.example.com/v1" className="font-mono" /></Field>
      </form>
    </Dialog>
  );
}
