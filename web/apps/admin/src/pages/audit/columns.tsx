import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import type { Column } from "../../list/types";
import { Moment } from "../../parts/Moment";

type Entry = Row<"/api/v1/admin/audit">;

/** An action of the log in words. */
export function Action({ name }: { name: string }) {
  const { t } = useTranslation();
  return <>{t(`audit_action.${name}`, { defaultValue: name })}</>;
}

/** The columns of the audit log, wherever it is shown. */
export function useAuditColumns(): Column<Entry>[] {
  const { t } = useTranslation();
  return [
    { id: "action", label: t("audit.action"), cell: (entry) => <Action name={entry.action} /> },
    { id: "actor", label: t("audit.actor"), cell: (entry) => entry.actor_label || t(`actor.${entry.actor_kind}`, { defaultValue: entry.actor_kind }) },
    { id: "subject", label: t("audit.subject"), cell: (entry) => <span className="text-ink-soft">{t(`subject.${entry.subject_kind}`, { defaultValue: entry.subject_kind })}</span> },
    { id: "reason", label: t("danger.reason"), cell: (entry) => <span className="line-clamp-2">{entry.reason || "—"}</span>, isWide: true },
    { id: "origin", label: t("audit.origin"), cell: (entry) => <span className="font-mono text-[13px] text-ink-soft">{entry.origin}</span>, isExtra: true, isWide: true },
    { id: "at", label: t("audit.when"), cell: (entry) => <Moment at={entry.created_at} />, isNumber: true },
  ];
}
