import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Button, MenuItem, MenuLine, Switch, Tabs } from "@kassa/ui";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { useSearchParams } from "../../app/nav";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { Moment } from "../../parts/Moment";
import { PageHead } from "../../parts/PageHead";
import { useVerb } from "../../parts/useVerb";
import { Experiments } from "./Experiments";
import { FlagDialog } from "./FlagDialog";
import { Words } from "./Words";

export type Flag = Row<"/api/v1/admin/flags">;

const TABS = ["flags", "experiments", "words"];

/** Switches for a part of the customers, experiments with their results, and words that are not let through. */
export default function Flags() {
  const { t } = useTranslation();
  const [search, change] = useSearchParams();
  return (
    <>
      <PageHead title={t("page.flags")} description={t("flag.about")} />
      <Tabs
        label={t("page.flags")}
        value={TABS.includes(search.tab ?? "") ? search.tab! : "flags"}
        onChange={(tab) => change({ tab: tab === "flags" ? undefined : tab, open: undefined, status: undefined })}
        tabs={[
          { value: "flags", label: t("flag.list"), content: <FlagList /> },
          { value: "experiments", label: t("experiment.list"), content: <Experiments /> },
          { value: "words", label: t("words.list"), content: <Words /> },
        ]}
      />
    </>
  );
}

function FlagList() {
  const { t } = useTranslation();
  const mayEdit = useCan()("policies.edit");
  const [edited, setEdited] = useState<Flag | "new" | null>(null);
  const [danger, setDanger] = useState<Danger | null>(null);
  const audience = useAudienceText();
  const columns: Column<Flag>[] = [
    { id: "name", label: t("flag.one"), cell: (flag) => <span><span className="block font-mono text-[13px] font-medium">{flag.name}</span>{flag.note && <span className="block text-[13px] font-normal text-ink-soft">{flag.note}</span>}</span> },
    { id: "audience", label: t("flag.for_whom"), cell: (flag) => audience(flag.audience) },
    { id: "at", label: t("job.updated"), cell: (flag) => <Moment at={flag.updated_at} />, isNumber: true },
    { id: "on", label: t("route.on"), cell: (flag) => <FlagSwitch flag={flag} mayEdit={mayEdit} /> },
  ];
  const remove = (flag: Flag): Danger => ({
    title: t("flag.remove_title", { name: flag.name }),
    consequence: t("flag.remove_text"),
    confirm: t("flag.remove"),
    done: t("flag.removed"),
    run: (reason) => api.DELETE("/api/v1/admin/flags/{name}", { params: { path: { name: flag.name }, query: { reason } } }),
  });
  return (
    <>
      <ListPage
        isPart
        path="/api/v1/admin/flags"
        title={t("flag.list")}
        columns={columns}
        buttons={mayEdit && <Button look="primary" onClick={() => setEdited("new")}><Plus aria-hidden />{t("flag.add")}</Button>}
        rowKey={(flag) => flag.name}
        actions={mayEdit ? (flag) => <><MenuItem icon={<Pencil />} onSelect={() => setEdited(flag)}>{t("action.change")}</MenuItem><MenuLine /><MenuItem icon={<Trash2 />} isDanger onSelect={() => setDanger(remove(flag))}>{t("flag.remove")}</MenuItem></> : undefined}
        emptyHint={t("flag.none")}
      />
      {edited && <FlagDialog flag={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}

function FlagSwitch({ flag, mayEdit }: { flag: Flag; mayEdit: boolean }) {
  const { t } = useTranslation();
  const { name, note, audience } = flag;
  const change = useVerb((isOn: boolean) => api.PUT("/api/v1/admin/flags/{name}", { params: { path: { name } }, body: { is_on: isOn, note, audience, reason: "" } }), t("profile.saved"));
  return <Switch checked={change.isPending ? Boolean(change.variables) : flag.is_on} disabled={!mayEdit} onChange={(isOn) => change.mutate(isOn)} label={flag.name} />;
}

/** For whom a flag or an experiment is, in one line. */
export function useAudienceText(): (audience: Flag["audience"]) => string {
  const { t } = useTranslation();
  const { percent } = useFormats();
  return ({ customers = [], bots = [], plans = [], percent: share = 100 }) =>
    [
      share < 100 ? t("flag.share", { share: percent(share / 100) }) : t("flag.everybody"),
      bots.length > 0 && `${t("page.bots")}: ${bots.join(", ")}`,
      plans.length > 0 && `${t("subject.plan")}: ${plans.join(", ")}`,
      customers.length > 0 && t("flag.named", { count: customers.length }),
    ].filter(Boolean).join(" · ");
}
