import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Copy, Facts } from "@kassa/ui";
import { Diff } from "../../parts/Diff";
import { Moment } from "../../parts/Moment";
import { Action } from "./columns";

/** One change in full: from what to what. */
export function EntryDetail({ entry }: { entry: Row<"/api/v1/admin/audit"> }) {
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
