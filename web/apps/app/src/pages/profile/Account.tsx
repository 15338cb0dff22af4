import { data } from "@kassa/api";
import { Mail, MailPlus, Send } from "lucide-react";
import { useMe, type Me } from "../../app/account";
import { useI18n } from "../../app/i18n";
import { errorText, LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api, queries, session } from "../../app/session";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Cell, Section } from "../../ui/Section";
import { Badge, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { launch } from "../../app/telegram";
import { Problem } from "../signin/Paper";
import { organization } from "../signin/site";
import { TelegramButtons } from "../signin/TelegramButtons";
import { useAttempt } from "../signin/useAttempt";

/** The name, the ways in, and the password. */
export default function Account() {
  const { t } = useI18n();
  const me = useMe();
  const done = (text: string) => async () => {
    await me.refetch();
    toast(text);
  };
  return (
    <Screen title={t("account.title")} back="/profile">
      {me.data ? (
        <>
          <NameForm me={me.data} onDone={done(t("account.saved"))} />
          <WaysIn me={me.data} />
          {!me.data.telegram_id && !me.data.is_guest && !launch && <TelegramButtons title={t("account.add_telegram")} />}
          {me.data.email ? <PasswordForm onDone={done(t("account.password_saved"))} /> : <EmailForm onDone={done(t("account.email_added"))} />}
          {me.data.is_guest && !launch && <OtherAccount />}
        </>
      ) : me.isError ? <LoadFailed error={me.error} onRetry={() => void me.refetch()} /> : <Skeleton rows={4} />}
    </Screen>
  );
}

function NameForm({ me, onDone }: { me: Me; onDone(): Promise<void> }) {
  const { t } = useI18n();
  const { isBusy, problem, onSubmit } = useAttempt(async ({ name }) => {
    await data(api.PUT("/api/v1/auth/profile", { body: { name: name! } }));
    await onDone();
  });
  return (
    <form onSubmit={(event) => void onSubmit(event)} className="grid gap-3">
      <Field label={t("account.name")} name="name" defaultValue={me.is_guest ? "" : me.name} autoComplete="name" required maxLength={200} />
      <Problem text={problem} />
      <Button type="submit" look="soft" isBusy={isBusy}>{t("action.save")}</Button>
    </form>
  );
}

/** How one signs in: what is confirmed, and what is not yet. */
function WaysIn({ me }: { me: Me }) {
  const { t } = useI18n();
  if (!me.email && !me.telegram_id) return null;
  async function resend() {
    try {
      await data(api.POST("/api/v1/auth/verify/send"));
      toast(t("account.letter_sent"));
    } catch (error) {
      toast(errorText(error), true);
    }
  }
  return (
    <Section title={t("account.ways")} note={me.email && !me.is_email_verified ? t("account.unverified_note") : undefined}>
      {me.telegram_id && <Cell icon={<Send />} title="Telegram" hint={me.username ? `@${me.username}` : String(me.telegram_id)} end={<Badge tone="good">{t("account.linked")}</Badge>} />}
      {me.email && <Cell icon={<Mail />} title={me.email} hint={me.is_email_verified ? t("account.verified") : t("account.unverified")} />}
      {me.email && !me.is_email_verified && <Cell icon={<MailPlus />} title={t("account.send_again")} onPress={() => void resend()} />}
    </Section>
  );
}

function EmailForm({ onDone }: { onDone(): Promise<void> }) {
  const { t } = useI18n();
  const { isBusy, problem, onSubmit } = useAttempt(async ({ email, password }) => {
    await data(api.POST("/api/v1/auth/email", { body: { email: email!, password: password! } }));
    await onDone();
  });
  return (
    <form onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
      <div className="px-1"><h2 className="text-[20px] font-semibold tracking-tight">{t("account.add_email")}</h2><p className="text-[15px] text-ink-soft">{t("account.add_email_hint")}</p></div>
      <Field label={t("signin.email")} name="email" type="email" autoComplete="username" required maxLength={254} inputMode="email" />
      <Field label={t("signin.password")} hint={t("signin.password_hint")} name="password" type="password" autoComplete="new-password" required minLength={8} maxLength={256} />
      <Problem text={problem} />
      <Button type="submit" isBusy={isBusy}>{t("account.add_email_submit")}</Button>
    </form>
  );
}

function PasswordForm({ onDone }: { onDone(): Promise<void> }) {
  const { t } = useI18n();
  const { isBusy, problem, onSubmit } = useAttempt(async ({ old, password }) => {
    await data(api.PUT("/api/v1/auth/password", { body: { old: old!, new: password! } }));
    await onDone();
  });
  return (
    <form onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
      <div className="px-1"><h2 className="text-[20px] font-semibold tracking-tight">{t("account.password")}</h2><p className="text-[15px] text-ink-soft">{t("account.password_hint")}</p></div>
      <Field label={t("account.old_password")} name="old" type="password" autoComplete="current-password" required maxLength={256} />
      <Field label={t("signin.new_password")} hint={t("signin.password_hint")} name="password" type="password" autoComplete="new-password" required minLength={8} maxLength={256} />
      <Problem text={problem} />
      <Button type="submit" look="soft" isBusy={isBusy}>{t("account.change_password")}</Button>
    </form>
  );
}

/** A visitor who has an account already: what they did as a visitor goes with them. */
function OtherAccount() {
  const { t } = useI18n();
  const { isBusy, problem, onSubmit } = useAttempt(async ({ email, password }) => {
    const guest_token = await session.token();
    await session.signIn({ email, password, organization, guest_token, kind: "customer" });
    queries.clear();
  });
  return (
    <form onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
      <div className="px-1"><h2 className="text-[20px] font-semibold tracking-tight">{t("account.other")}</h2><p className="text-[15px] text-ink-soft">{t("account.other_hint")}</p></div>
      <Field label={t("signin.email")} name="email" type="email" autoComplete="username" required maxLength={254} inputMode="email" />
      <Field label={t("signin.password")} name="password" type="password" autoComplete="current-password" required maxLength={256} />
      <Problem text={problem} />
      <Button type="submit" look="soft" isBusy={isBusy}>{t("signin.submit")}</Button>
    </form>
  );
}
