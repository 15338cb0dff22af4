import { Activity, Download, KeyRound, Languages, LogOut, Medal, MonitorSmartphone, ReceiptText, SunMoon, Trash2, UserRound } from "lucide-react";
import { useState } from "react";
import { data } from "@kassa/api";
import { useLocation } from "wouter";
import { useMe } from "../../app/account";
import { changeLocale, LOCALES, useI18n } from "../../app/i18n";
import { errorText, LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api, queries, signOut } from "../../app/session";
import { haptic, launch } from "../../app/telegram";
import { THEMES, useTheme } from "../../app/theme";
import { Choice } from "../../ui/Field";
import { Cell, Section } from "../../ui/Section";
import { Sheet } from "../../ui/Sheet";
import { Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { Avatar } from "./Avatar";
import { download } from "./download";
import { EraseSheet } from "./EraseSheet";

export default function Profile() {
  const { t, locale, format } = useI18n();
  const me = useMe();
  const { theme } = useTheme();
  const [open, setOpen] = useState<"language" | "theme" | "erase" | null>(null);
  const close = () => setOpen(null);
  const [, go] = useLocation();
  function leave() {
    go("/", { replace: true });
    void signOut();
  }
  if (!me.data) return <Screen title={t("tab.profile")}>{me.isError ? <LoadFailed error={me.error} onRetry={() => void me.refetch()} /> : <Skeleton rows={5} />}</Screen>;
  const { name, number, email, username, is_guest } = me.data;
  const title = is_guest ? t("profile.guest") : name || email || t("profile.guest");
  return (
    <Screen title={t("tab.profile")} onRefresh={me.refetch}>
      <div className="flex items-center gap-4 px-1">
        <Avatar name={title} isTelegrams={me.data.telegram_id !== null} />
        <div className="grid min-w-0">
          <p className="truncate text-[20px] font-semibold">{title}</p>
          <p className="truncate text-[15px] text-ink-soft">{[format.no(number!), username && `@${username}`].filter(Boolean).join(" · ")}</p>
        </div>
      </div>
      <Section>
        <Cell icon={<UserRound />} title={t("account.title")} hint={is_guest ? t("account.incomplete") : email ?? t("account.telegram_only")} to="/profile/account" />
        <Cell icon={<ReceiptText />} title={t("orders.title")} to="/orders" />
        <Cell icon={<Activity />} title={t("usage.title")} to="/usage" />
        <Cell icon={<Medal />} title={t("levels.title")} to="/profile/levels" />
      </Section>
      <Section title={t("profile.developer")}>
        <Cell icon={<KeyRound />} title={t("keys.title")} hint={t("keys.hint")} to="/profile/keys" />
      </Section>
      <Section title={t("profile.app")}>
        <Cell icon={<Languages />} title={t("profile.language")} end={format.language(locale)} onPress={() => setOpen("language")} />
        {!launch && <Cell icon={<SunMoon />} title={t("profile.theme")} end={t(`theme.${theme}`)} onPress={() => setOpen("theme")} />}
        <Cell icon={<MonitorSmartphone />} title={t("sessions.title")} to="/profile/sessions" />
      </Section>
      <Section title={t("profile.privacy")}>
        <Cell icon={<Download />} title={t("privacy.export")} hint={t("privacy.export_hint")} onPress={() => void download("/api/v1/auth/export", "my-data.zip").catch((error: unknown) => toast(errorText(error), true))} />
        <Cell icon={<Trash2 />} title={t("privacy.erase")} isDanger onPress={() => setOpen("erase")} />
      </Section>
      {!launch && <Section><Cell icon={<LogOut />} title={t("profile.sign_out")} onPress={leave} /></Section>}
      {open === "language" && <LanguageSheet onClose={close} />}
      {open === "theme" && <ThemeSheet onClose={close} />}
      {open === "erase" && <EraseSheet onClose={close} />}
    </Screen>
  );
}

/** A language for the app and the bot alike. */
function LanguageSheet({ onClose }: { onClose(): void }) {
  const { t, locale, format } = useI18n();
  async function choose(next: string) {
    haptic("selection");
    changeLocale(next);
    onClose();
    try {
      await data(api.PUT("/api/v1/auth/locale", { body: { locale: next } }));
      await queries.invalidateQueries();
    } catch (error) {
      toast(errorText(error), true);
    }
  }
  return (
    <Sheet title={t("profile.language")} onClose={onClose}>
      <Section note={t("profile.language_note")}><Choice label={t("profile.language")} value={locale} onChange={(next) => void choose(next)} options={LOCALES.map((each) => ({ value: each, label: format.language(each) }))} /></Section>
    </Sheet>
  );
}

function ThemeSheet({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const { theme, setTheme } = useTheme();
  return (
    <Sheet title={t("profile.theme")} onClose={onClose}>
      <Section><Choice label={t("profile.theme")} value={theme} onChange={(next) => { setTheme(next); onClose(); }} options={THEMES.map((each) => ({ value: each, label: t(`theme.${each}`) }))} /></Section>
    </Sheet>
  );
}
