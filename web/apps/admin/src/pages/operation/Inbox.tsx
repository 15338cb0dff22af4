import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { MenuItem, Tabs } from "@kassa/ui";
import { RotateCw } from "lucide-react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { useSearchParams } from "../../app/nav";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { PageHead } from "../../parts/PageHead";
import { Status } from "../../parts/Status";
import { useVerb } from "../../parts/useVerb";

type Update = Row<"/api/v1/admin/inbox/updates">;
type Event = Row<"/api/v1/admin/inbox/payments">;

const STATES = ["new", "done", "failed"];

/** What came from outside: every message of a channel, every event of a provider, and whether it was handled. */
export default function Inbox() {
  const { t } = useTranslation();
  const [search, change] = useSearchParams();
  return (
    <>
      <PageHead title={t("page.inbox")} description={t("inbox.about")} />
      <Tabs
        label={t("page.inbox")}
        value={search.tab === "payments" ? "payments" : "updates"}
        onChange={(tab) => change({ tab: tab === "payments" ? tab : undefined, state: undefined })}
        tabs={[
          { value: "updates", label: t("inbox.updates"), content: <Updates /> },
          { value: "payments", label: t("inbox.payments"), content: <Events /> },
        ]}
      />
    </>
  );
}

function Updates() {
  const { t } = useTranslation();
  const can = useCan();
  const replay = useVerb((one: Update) => api.POST("/api/v1/admin/inbox/updates/{bot_id}/{update_id}/replay", { params: { path: { bot_id: one.bot_id, update_id: one.update_id } } }), t("job.replayed"));
  const columns: Column<Update>[] = [
    { id: "id", label: t("inbox.update"), cell: (one) => <span className="figures font-medium">{one.update_id}</span> },
    { id: "chat", label: t("inbox.chat"), cell: (one) => <span className="font-mono text-[13px]">{one.chat_id}</span> },
    { id: "state", label: t("staff.status"), cell: (one) => <Status value={one.state} /> },
    { id: "attempts", label: t("job.attempts"), cell: (one) => one.attempts, isNumber: true },
    { id: "error", label: t("job.error"), cell: (one) => <span className="line-clamp-1 text-ink-soft">{one.error ?? "—"}</span>, isWide: true },
    { id: "received", label: t("inbox.received"), cell: (one) => <Moment at={one.received_at} />, isNumber: true },
  ];
  return (
    <ListPage
      isPart
      path="/api/v1/admin/inbox/updates"
      title={t("inbox.updates")}
      columns={columns}
      filters={[{ name: "state", label: t("staff.status"), kind: "choice", choices: STATES.map((value) => ({ value, label: t(`status.${value}`) })) }]}
      rowKey={(one) => `${one.bot_id}-${one.update_id}`}
      actions={(one) => one.state === "failed" && can("operations.replay") && <MenuItem icon={<RotateCw />} onSelect={() => replay.mutate(one)}>{t("job.replay")}</MenuItem>}
    />
  );
}

function Events() {
  const { t } = useTranslation();
  const can = useCan();
  const replay = useVerb((one: Event) => api.POST("/api/v1/admin/inbox/payments/{event_id}/replay", { params: { path: { event_id: one.id } } }), t("job.replayed"));
  const columns: Column<Event>[] = [
    { id: "kind", label: t("inbox.event"), cell: (one) => <span className="font-mono text-[13px]">{one.kind}</span> },
    { id: "provider", label: t("sale.provider"), cell: (one) => t(`provider.${one.provider}`, { defaultValue: one.provider }) },
    { id: "ref", label: t("sale.provider_ref"), cell: (one) => <span className="font-mono text-[13px] break-all">{one.ref}</span>, isWide: true },
    { id: "state", label: t("staff.status"), cell: (one) => <Status value={one.state} /> },
    { id: "ip", label: t("inbox.from"), cell: (one) => <span className="font-mono text-[13px]">{one.remote_ip}</span>, isExtra: true },
    { id: "received", label: t("inbox.received"), cell: (one) => <Moment at={one.received_at} />, isNumber: true },
  ];
  return (
    <ListPage
      isPart
      path="/api/v1/admin/inbox/payments"
      title={t("inbox.payments")}
      columns={columns}
      filters={[{ name: "state", label: t("staff.status"), kind: "choice", choices: STATES.map((value) => ({ value, label: t(`status.${value}`) })) }]}
      actions={(one) => can("operations.replay") && <MenuItem icon={<RotateCw />} onSelect={() => replay.mutate(one)}>{t("job.replay")}</MenuItem>}
    />
  );
}
