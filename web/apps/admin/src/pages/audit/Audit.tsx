import { useTranslation } from "@kassa/i18n";
import { ListPage } from "../../list/ListPage";
import { useAuditColumns } from "./columns";
import { EntryDetail } from "./EntryDetail";

/** Beginnings of actions that are worth a filter of their own. */
const SUBJECTS = ["customer", "tokens", "payment", "review", "plan", "bot", "text", "dialog", "file", "model", "route", "provider_key", "policies", "staff", "role", "organization"];

/** Every change that staff made: who, what, from what to what, why, from where. */
export default function Audit() {
  const { t } = useTranslation();
  return (
    <ListPage
      path="/api/v1/admin/audit"
      title={t("page.audit")}
      description={t("audit.about")}
      searchHint={t("audit.search")}
      columns={useAuditColumns()}
      filters={[
        { name: "action", label: t("audit.about_what"), kind: "choice", choices: SUBJECTS.map((name) => ({ value: `${name}.`, label: t(`subject.${name}`) })) },
        { name: "subject_id", label: t("audit.subject_id"), kind: "text" },
        { name: "period", label: t("audit.when"), kind: "period", from: "since", until: "until" },
      ]}
      detail={{ title: (entry) => t(`audit_action.${entry.action}`, { defaultValue: entry.action }), content: (entry) => <EntryDetail entry={entry} /> }}
    />
  );
}
