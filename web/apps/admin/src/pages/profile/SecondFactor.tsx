import { data } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Copy, Dialog, Field, Input, Note } from "@kassa/ui";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useMe } from "../../app/me";
import { useVerb } from "../../parts/useVerb";

/** A picture of its own needs to say what it is; inside a page it would not. */
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" ';

/** The authenticator app: switching it on with a QR code, and off with one more code. */
export function SecondFactor() {
  const { t } = useTranslation();
  const me = useMe();
  const [isLeaving, setLeaving] = useState(false);
  const begin = useVerb(() => data(api.POST("/api/v1/admin/me/second-factor", {})));
  return (
    <Card title={t("staff.factor")} actions={<Badge tone={me.has_second_factor ? "good" : "warn"}>{me.has_second_factor ? t("staff.factor_on") : t("staff.factor_off")}</Badge>}>
      <p className="mb-4 text-ink-soft">{t("factor.about")}</p>
      {me.has_second_factor ? (
        <Button look="danger" onClick={() => setLeaving(true)}>{t("factor.off")}</Button>
      ) : (
        <Button look="primary" isBusy={begin.isPending} onClick={() => begin.mutate()}>{t("factor.on")}</Button>
      )}
      {begin.data && <Enrol secret={begin.data.secret} picture={begin.data.qr_svg} onClose={() => begin.reset()} />}
      {isLeaving && <SwitchOff onClose={() => setLeaving(false)} />}
    </Card>
  );
}

function Enrol({ secret, picture, onClose }: { secret: string; picture: string; onClose(): void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const confirm = useVerb(() => data(api.POST("/api/v1/admin/me/second-factor/confirm", { body: { code } })), t("factor.on_done"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  if (confirm.data) {
    return (
      <Dialog isOpen onClose={onClose} size="sm" title={t("factor.recovery_title")} closeLabel={t("action.close")} footer={<Button look="primary" onClick={onClose}>{t("factor.kept")}</Button>}>
        <div className="grid gap-4">
          <Note tone="warn">{t("factor.recovery")}</Note>
          <ul className="grid grid-cols-2 gap-x-6 gap-y-1.5 font-mono text-[15px]">{confirm.data.recovery_codes.map((each) => <li key={each}>{each}</li>)}</ul>
          <Copy value={confirm.data.recovery_codes.join("\n")} shown={t("factor.copy_all")} label={t("action.copy")} className="font-sans" />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog isOpen onClose={onClose} size="sm" title={t("factor.title")} description={t("factor.scan")} closeLabel={t("action.close")} footer={<Button type="submit" form="enrol" look="primary" isBusy={confirm.isPending}>{t("signin.confirm")}</Button>}>
      <form id="enrol" onSubmit={submit} className="grid justify-items-center gap-4">
        {/* As a picture from a data address: markup of the answer never becomes part of the page. */}
        <img alt={t("factor.picture")} src={`data:image/svg+xml,${encodeURIComponent(picture.replace("<svg ", SVG))}`} className="size-52 rounded-lg bg-white p-2" />
        <Copy value={secret} label={t("action.copy")} />
        <Field label={t("factor.code")} className="w-full"><Input required autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={6} value={code} onChange={(event) => setCode(event.target.value)} className="text-center font-mono text-lg tracking-[0.3em]" /></Field>
      </form>
    </Dialog>
  );
}

function SwitchOff({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const off = useVerb(() => api.POST("/api/v1/admin/me/second-factor/off", { body: { code } }), t("factor.off_done"), onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    off.mutate();
  };
  return (
    <Dialog isOpen onClose={onClose} size="sm" title={t("factor.off_title")} description={t("factor.off_text")} closeLabel={t("action.close")} footer={<Button type="submit" form="factor-off" look="dangerous" isBusy={off.isPending}>{t("factor.off")}</Button>}>
      <form id="factor-off" onSubmit={submit}>
        <Field label={t("signin.code")}><Input required autoFocus autoComplete="one-time-code" maxLength={20} value={code} onChange={(event) => setCode(event.target.value)} /></Field>
      </form>
    </Dialog>
  );
}
