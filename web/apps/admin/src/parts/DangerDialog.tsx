import { useTranslation } from "@kassa/i18n";
import { Button, Dialog, Field, Input, Note, Textarea, toast } from "@kassa/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { newKey } from "../app/api";
import { useErrorText } from "../app/problems";

export interface Danger {
  title: string;
  /** What will happen, in plain words. */
  consequence: ReactNode;
  confirm: string;
  done: string;
  /** The verb; a repeated call with the same key must not do it twice. */
  run(reason: string, key: string): Promise<unknown>;
  onDone?(): void;
  /** More to fill in, above the reason. */
  fields?: ReactNode;
  isReady?: boolean;
  /** Asked for by default: whoever reads the audit log wants to know why. */
  wantsReason?: boolean;
  /** A word that has to be typed, where nothing can be taken back. */
  mustType?: string;
  isHarmless?: boolean;
}

/** Before anything that hurts: says what will happen, asks why, does it once, and tells what went wrong. */
export function DangerDialog({ danger, onClose }: { danger: Danger | null; onClose(): void }) {
  return danger && <Open danger={danger} onClose={onClose} />;
}

function Open({ danger, onClose }: { danger: Danger; onClose(): void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const cache = useQueryClient();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [key] = useState(newKey);
  const { wantsReason = true, isReady = true } = danger;
  const doing = useMutation({
    mutationFn: () => danger.run(reason.trim(), key),
    onSuccess: async () => {
      toast.success(danger.done);
      onClose();
      danger.onDone?.();
      await cache.invalidateQueries();
    },
  });
  const isComplete = isReady && (!wantsReason || reason.trim().length > 0) && (!danger.mustType || typed === danger.mustType);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete && !doing.isPending) doing.mutate();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="sm"
      title={danger.title}
      closeLabel={t("action.close")}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" form="danger" look={danger.isHarmless ? "primary" : "dangerous"} isBusy={doing.isPending} disabled={!isComplete}>{danger.confirm}</Button>
        </>
      }
    >
      <form id="danger" onSubmit={submit} className="grid gap-4">
        <div className="text-ink-soft">{danger.consequence}</div>
        {danger.fields}
        {wantsReason && <Field label={t("danger.reason")} hint={t("danger.reason_hint")}><Textarea value={reason} onChange={(event) => setReason(event.target.value)} maxLength={250} required rows={2} /></Field>}
        {danger.mustType && <Field label={t("danger.type", { word: danger.mustType })}><Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" /></Field>}
        {doing.isError && <Note tone="bad" role="alert">{text(doing.error)}</Note>}
      </form>
    </Dialog>
  );
}
