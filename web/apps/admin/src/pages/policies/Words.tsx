import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Button, Checkbox, Dialog, Field, Input, MenuItem, MenuLine, Textarea } from "@kassa/ui";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { useVerb } from "../../parts/useVerb";

type WordList = Row<"/api/v1/admin/moderation/words">;

/** Words and phrases that questions must not hold, with what their writer is told. */
export function Words() {
  const { t } = useTranslation();
  const mayEdit = useCan()("policies.edit");
  const [edited, setEdited] = useState<WordList | "new" | null>(null);
  const remove = useVerb((name: string) => api.DELETE("/api/v1/admin/moderation/words/{name}", { params: { path: { name } } }), t("words.removed"));
  const columns: Column<WordList>[] = [
    { id: "name", label: t("words.one"), cell: (list) => <span className="font-mono text-[13px] font-medium">{list.name}</span> },
    { id: "count", label: t("words.count"), cell: (list) => list.words.length, isNumber: true },
    { id: "reason", label: t("words.told"), cell: (list) => list.reason || "—", isWide: true },
    { id: "on", label: t("staff.status"), cell: (list) => <Badge tone={list.is_on ? "good" : "mute"}>{list.is_on ? t("status.on") : t("status.off")}</Badge> },
    { id: "at", label: t("job.updated"), cell: (list) => <Moment at={list.updated_at} />, isNumber: true },
  ];
  return (
    <>
      <ListPage
        isPart
        path="/api/v1/admin/moderation/words"
        title={t("words.list")}
        columns={columns}
        buttons={mayEdit && <Button look="primary" onClick={() => setEdited("new")}><Plus aria-hidden />{t("words.add")}</Button>}
        rowKey={(list) => list.name}
        actions={mayEdit ? (list) => <><MenuItem icon={<Pencil />} onSelect={() => setEdited(list)}>{t("action.change")}</MenuItem><MenuLine /><MenuItem icon={<Trash2 />} isDanger onSelect={() => remove.mutate(list.name)}>{t("words.remove")}</MenuItem></> : undefined}
        emptyHint={t("words.none")}
      />
      {edited && <WordsDialog list={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function WordsDialog({ list, onClose }: { list: WordList | null; onClose(): void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(list?.name ?? "");
  const [words, setWords] = useState((list?.words ?? []).join("\n"));
  const [reason, setReason] = useState(list?.reason ?? "");
  const [isOn, setOn] = useState(list?.is_on ?? true);
  const saving = useVerb(() => api.PUT("/api/v1/admin/moderation/words/{name}", { params: { path: { name } }, body: { words: words.split("\n").map((line) => line.trim()).filter(Boolean), is_on: isOn, reason } }), t("profile.saved"), onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Dialog isOpen onClose={onClose} title={list ? list.name : t("words.add")} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="words" look="primary" isBusy={saving.isPending}>{t("action.save")}</Button></>}>
      <form id="words" onSubmit={submit} className="grid gap-4">
        {!list && <Field label={t("plan.slug")} hint={t("plan.slug_hint")}><Input required pattern="[a-z0-9][a-z0-9\-]{0,62}" value={name} onChange={(event) => setName(event.target.value)} className="font-mono" /></Field>}
        <Field label={t("words.words")} hint={t("words.words_hint")}><Textarea rows={10} required value={words} onChange={(event) => setWords(event.target.value)} /></Field>
        <Field label={t("words.told")} hint={t("words.told_hint")}><Input maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
        <div className="flex items-center gap-2.5"><Checkbox checked={isOn} onChange={setOn} label={t("words.is_on")} /><span>{t("words.is_on")}</span></div>
      </form>
    </Dialog>
  );
}
