import { data, type Schema } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Copy, Dialog, Field, Input, NativeSelect, Note } from "@kassa/ui";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useVerb } from "../../parts/useVerb";
import { ROLES } from "./roles";

/** Offers somebody to work here; the link is shown once, for when the mail does not arrive. */
export function InviteDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Schema["Role"]>("support_agent");
  const inviting = useVerb(() => data(api.POST("/api/v1/admin/invitations", { body: { email, role } })), t("staff.invited"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    inviting.mutate();
  };
  const footer = inviting.data ? (
    <Button look="primary" onClick={onClose}>{t("action.close")}</Button>
  ) : (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button type="submit" form="invite" look="primary" isBusy={inviting.isPending}>{t("staff.invite")}</Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} size="sm" title={t("staff.invite_title")} description={inviting.data ? undefined : t("staff.invite_text")} closeLabel={t("action.close")} footer={footer}>
      {inviting.data ? (
        <div className="grid gap-3">
          <Note tone="good">{t("staff.invite_link", { email })}</Note>
          <Copy value={inviting.data.link} label={t("action.copy")} className="rounded-md border border-line bg-sunken px-3 py-2" />
        </div>
      ) : (
        <form id="invite" onSubmit={submit} className="grid gap-4">
          <Field label={t("signin.email")}><Input type="email" required autoFocus value={email} onChange={(event) => setEmail(event.target.value)} /></Field>
          <Field label={t("staff.role")} hint={t(`role_hint.${role}`)}>
            <NativeSelect value={role} onChange={(event) => setRole(event.target.value as Schema["Role"])}>
              {ROLES.map((each) => <option key={each} value={each}>{t(`role.${each}`)}</option>)}
            </NativeSelect>
          </Field>
        </form>
      )}
    </Dialog>
  );
}
