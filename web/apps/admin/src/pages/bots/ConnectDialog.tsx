import { LOCALES, useFormats, useTranslation, type Locale } from "@kassa/i18n";
import { Button, Dialog, Field, Input, NativeSelect } from "@kassa/ui";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useVerb } from "../../parts/useVerb";

/** Connects a bot by the token that @BotFather gave. */
export function ConnectDialog({ onClose }: { onClose(): void }) {
  const { t, i18n } = useTranslation();
  const { language } = useFormats();
  const [token, setToken] = useState("");
  const [locale, setLocale] = useState(i18n.language as Locale);
  const adding = useVerb(() => api.POST("/api/v1/admin/bots", { body: { token: token.trim(), default_locale: locale, locales: [...LOCALES] } }), t("bot.added"), onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate();
  };
  return (
    <Dialog isOpen onClose={onClose} size="sm" title={t("bot.connect")} description={t("bot.connect_text")} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="connect" look="primary" isBusy={adding.isPending}>{t("bot.connect")}</Button></>}>
      <form id="connect" onSubmit={submit} className="grid gap-4">
        <Field label={t("bot.token")} hint={t("bot.token_hint")}><Input required type="password" autoComplete="off" autoFocus minLength={10} value={token} onChange={(event) => setToken(event.target.value)} className="font-mono" /></Field>
        <Field label={t("bot.main_locale")} hint={t("bot.main_locale_hint")}>
          <NativeSelect value={locale} onChange={(event) => setLocale(event.target.value as Locale)}>{LOCALES.map((each) => <option key={each} value={each}>{language(each)}</option>)}</NativeSelect>
        </Field>
      </form>
    </Dialog>
  );
}
