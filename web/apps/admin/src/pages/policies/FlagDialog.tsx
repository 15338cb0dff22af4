import { useTranslation } from "@kassa/i18n";
import { Button, Dialog, Field, Input } from "@kassa/ui";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useVerb } from "../../parts/useVerb";
import { AudienceFields, audienceOf, formOfAudience } from "./AudienceFields";
import type { Flag } from "./Flags";

/** Makes a flag, or changes for whom it is on. */
export function FlagDialog({ flag, onClose }: { flag: Flag | null; onClose(): void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(flag?.name ?? "");
  const [note, setNote] = useState(flag?.note ?? "");
  const [audience, setAudience] = useState(formOfAudience(flag?.audience));
  const saving = useVerb(() => api.PUT("/api/v1/admin/flags/{name}", { params: { path: { name } }, body: { is_on: flag?.is_on ?? false, note, audience: audienceOf(audience), reason: "" } }), t("profile.saved"), onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Dialog isOpen onClose={onClose} title={flag ? flag.name : t("flag.add")} description={flag ? undefined : t("flag.add_text")} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="flag" look="primary" isBusy={saving.isPending}>{t("action.save")}</Button></>}>
      <form id="flag" onSubmit={submit} className="grid gap-4">
        {!flag && <Field label={t("plan.slug")} hint={t("plan.slug_hint")}><Input required pattern="[a-z0-9][a-z0-9\-]{0,62}" value={name} onChange={(event) => setName(event.target.value)} className="font-mono" /></Field>}
        <Field label={t("flag.note")}><Input maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} /></Field>
        <AudienceFields form={audience} onChange={setAudience} />
      </form>
    </Dialog>
  );
}
