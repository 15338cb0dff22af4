import { data, type Got } from "@kassa/api";
import type { InfiniteData } from "@tanstack/react-query";
import { BookOpenText, Brain, Drama, MessageCircle, Pencil, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { useI18n } from "../../app/i18n";
import { api, queries } from "../../app/session";
import { haptic } from "../../app/telegram";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Area, Field } from "../../ui/Field";
import { Cell, Section } from "../../ui/Section";
import { Sheet } from "../../ui/Sheet";
import { toast } from "../../ui/toast";
import { problemText } from "../chat/refusals";
import type { Dialog } from "../chat/state";

export interface Wanted {
  dialog: Dialog;
  what: "menu" | "rename" | "role" | "delete";
}

interface Props {
  wanted: Wanted;
  onChange(next: Wanted | null): void;
  onRead?(): void;
  onContinue(): void;
  onDeleted?(): void;
}

type Change = { title?: string; system_prompt?: string; has_history?: boolean };

type Listed = InfiniteData<Got<"/api/v1/dialogs">>;

/** The server answers with the dialog as it is now, and that is shown at once: lists that are asked for again may come later. */
async function save(dialog: Dialog, body: Change): Promise<Dialog> {
  const changed = await data(api.PATCH("/api/v1/dialogs/{dialog_id}", { params: { path: { dialog_id: dialog.id } }, body }));
  const put = (one: Dialog) => (one.id === changed.id ? changed : one);
  // What is on its way was read before the change.
  await queries.cancelQueries({ queryKey: ["dialogs"] });
  queries.setQueriesData<Listed>({ queryKey: ["dialogs", "list"] }, (found) => found && { ...found, pages: found.pages.map((page) => ({ ...page, items: page.items.map(put) })) });
  queries.setQueryData(["dialogs", changed.id], changed);
  void queries.invalidateQueries({ queryKey: ["dialogs"] });
  return changed;
}

/** What can be done with a dialog: the menu, and the sheet of what was chosen there. */
export function DialogSheets({ wanted: { dialog, what }, onChange, onRead, onContinue, onDeleted }: Props) {
  const { t } = useI18n();
  const close = () => onChange(null);
  const title = dialog.title || t("dialogs.untitled");
  async function remember() {
    haptic("selection");
    try {
      onChange({ dialog: await save(dialog, { has_history: !dialog.has_history }), what: "menu" });
    } catch (error) {
      toast(problemText(error), true);
    }
  }
  async function remove() {
    await api.DELETE("/api/v1/dialogs/{dialog_id}", { params: { path: { dialog_id: dialog.id } } });
    // Whoever reads it leaves; what is gone is not asked for again.
    onDeleted?.();
    void queries.invalidateQueries({ queryKey: ["dialogs"], predicate: ({ queryKey }) => queryKey[1] !== dialog.id });
    toast(t("dialogs.deleted"));
  }
  if (what === "rename") return <Rename key="rename" dialog={dialog} onClose={close} />;
  if (what === "role") return <Role key="role" dialog={dialog} onClose={close} />;
  if (what === "delete") return <Confirm title={t("dialogs.delete_title", { title })} text={t("dialogs.delete_text")} action={t("dialogs.delete")} onConfirm={remove} onClose={close} />;
  return (
    <Sheet key="menu" title={title} onClose={close}>
      <Section>
        <Cell icon={<MessageCircle />} title={t("dialogs.continue")} onPress={() => { close(); onContinue(); }} />
        {onRead && <Cell icon={<BookOpenText />} title={t("dialogs.read")} onPress={onRead} />}
      </Section>
      <Section>
        <Cell icon={<Pencil />} title={t("dialogs.rename")} onPress={() => onChange({ dialog, what: "rename" })} />
        <Cell icon={<Drama />} title={t("dialogs.role")} hint={dialog.system_prompt || t("dialogs.no_role")} onPress={() => onChange({ dialog, what: "role" })} />
        <label className="flex min-h-14 cursor-pointer items-center gap-3.5 px-4 py-2.5 hover:bg-hover has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus">
          <span className="grid size-9 shrink-0 place-items-center rounded-xl bg-brand-soft text-brand-text"><Brain aria-hidden className="size-5" /></span>
          <span className="grid min-w-0 flex-1"><span>{t("dialogs.memory")}</span><span className="text-[14px] text-ink-soft">{t("dialogs.memory_hint")}</span></span>
          <input type="checkbox" role="switch" checked={dialog.has_history} onChange={() => void remember()} className="peer sr-only" />
          <span aria-hidden className="relative h-8 w-13 shrink-0 rounded-full bg-line-strong transition-colors peer-checked:bg-brand after:absolute after:top-1 after:left-1 after:size-6 after:rounded-full after:bg-white after:shadow after:transition-transform peer-checked:after:translate-x-5" />
        </label>
      </Section>
      <Section><Cell icon={<Trash2 />} title={t("dialogs.delete")} isDanger onPress={() => onChange({ dialog, what: "delete" })} /></Section>
    </Sheet>
  );
}

function useSaving(dialog: Dialog, onClose: () => void) {
  const { t } = useI18n();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  async function keep(event: FormEvent, body: Change) {
    event.preventDefault();
    setBusy(true);
    try {
      await save(dialog, body);
      haptic("success");
      toast(t("dialogs.saved"));
      onClose();
    } catch (error) {
      haptic("error");
      setProblem(problemText(error));
      setBusy(false);
    }
  }
  return { isBusy, problem, keep };
}

function Rename({ dialog, onClose }: { dialog: Dialog; onClose(): void }) {
  const { t } = useI18n();
  const [title, setTitle] = useState(dialog.title);
  const { isBusy, problem, keep } = useSaving(dialog, onClose);
  return (
    <Sheet title={t("dialogs.rename")} onClose={onClose}>
      <form className="grid gap-4" onSubmit={(event) => void keep(event, { title: title.trim() })}>
        <Field label={t("dialogs.name")} value={title} maxLength={60} required autoFocus problem={problem} onInput={(event) => setTitle(event.currentTarget.value)} />
        <Button type="submit" isWide isBusy={isBusy} disabled={!title.trim()}>{t("action.save")}</Button>
      </form>
    </Sheet>
  );
}

function Role({ dialog, onClose }: { dialog: Dialog; onClose(): void }) {
  const { t } = useI18n();
  const [role, setRole] = useState(dialog.system_prompt);
  const { isBusy, problem, keep } = useSaving(dialog, onClose);
  return (
    <Sheet title={t("dialogs.role")} onClose={onClose}>
      <form className="grid gap-4" onSubmit={(event) => void keep(event, { system_prompt: role })}>
        <Area label={t("dialogs.role")} hint={t("dialogs.role_about")} value={role} rows={6} maxLength={4000} autoFocus problem={problem} onInput={(event) => setRole(event.currentTarget.value)} />
        <Button type="submit" isWide isBusy={isBusy}>{t("action.save")}</Button>
      </form>
    </Sheet>
  );
}
