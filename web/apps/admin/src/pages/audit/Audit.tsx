import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Copy, Facts } from "@kassa/ui";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Diff } from "../../parts/Diff";
import { Moment } from "../../parts/Moment";

type Entry = Row<"/api/v1/admin/audit">;

/** Beginnings of actions that are worth a filter of their own. */
const SUBJECTS = ["customer", "payment", "plan", "bot", "text", "ai", "staff", "role", "policy", "flag", "settings"];

/** Every change that staff made: who, what, from what to what, why, from where. */
export default function Audit() {
  const { t } = useTranslation();
  const columns: Column<Entry>[] = [
    { id: "action", label: t("audit.action"), cell: (entry) => <Action name={entry.action} /> },
    { id: "actor", label: t("audit.actor"), cell: (entry) => entry.actor_label || t(`actor.${entry.actor_kind}`, { defaultValue: entry.actor_kind }) },
    { id: "subject", label: t("audit.subject"), cell: (entry) => <span className="text-ink-soft">{t(`subject.${entry.subject_kind}`, { defaultValue: entry.subject_kind })}</span> },
    { id: "reason", label: t("danger.reason"), cell: (entry) => <span className="line-clamp-2">{entry.reason || "—"}</span>, isWide: true },
    { id: "origin", label: t("audit.origin"), cell: (entry) => <span className="font-mono text-[13px] text-ink-soft">{entry.origin}</span>, isExtra: true, isWide: true },
    { id: "at", label: t("audit.when"), cell: (entry) => <Moment at={entry.created_at} />, isNumber: true },
  ];
  return (
    <ListPage
      path="/api/v1/admin/audit"
      title={t("page.audit")}
      description={t("audit.about")}
      searchHint={t("audit.search")}
      columns={columns}
      filters={[
        { name: "action", label: t("audit.about_what"), kind: "choice", choices: SUBJECTS.map((name) => ({ value: `${name}.`, label: t(`subject.${name}`) })) },
        { name: "subject_id", label: t("audit.subject_id"), kind: "text" },
        { name: "period", label: t("audit.when"), kind: "period", from: "since", until: "until" },
      ]}
      detail={{ title: (entry) => entry.action, content: (entry) => <EntryDetail entry={entry} /> }}
    />
  );
}

function Action({ name }: { name: string }) {
  const { t } = useTranslation();
  return <>{t(`audit_action.${name}`, { defaultValue: name })}</>;
}

function EntryDetail({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-5">
      <Facts
        items={[
          [t("audit.action"), <Action key="action" name={entry.action} />],
          [t("audit.actor"), <span key="actor" className="flex flex-wrap items-center gap-2">{entry.actor_label} <Badge hasDot={false}>{t(`actor.${entry.actor_kind}`, { defaultValue: entry.actor_kind })}</Badge></span>],
          [t("audit.subject"), <span key="subject">{t(`subject.${entry.subject_kind}`, { defaultValue: entry.subject_kind })} <Copy value={entry.subject_id} label={t("action.copy")} /></span>],
          [t("danger.reason"), entry.reason || "—"],
          [t("audit.when"), <Moment key="when" at={entry.created_at} isExact />],
          [t("audit.origin"), <span key="origin" className="font-mono text-[13px]">{entry.origin || "—"}</span>],
        ]}
      />
      <section>
        <h3 className="mb-2 font-semibold">{t("audit.change")}</h3>
        <Diff before={entry.before ?? null} after={entry.after ?? null} />
      </section>
    </div>
  );
}
