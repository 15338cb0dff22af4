import { changeLocale, LOCALES, useTranslation, type Locale } from "@kassa/i18n";
import { Avatar, Button, IconButton, Kbd, Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "@kassa/ui";
import { Keyboard, LogOut, MenuIcon, Monitor, Moon, Search, Sun, UserRound } from "lucide-react";
import { session } from "./api";
import { useMe } from "./me";
import { useGo } from "./nav";
import { THEMES, useTheme, type Theme } from "./theme";

interface Props {
  onMenu(): void;
  onPalette(): void;
  onHelp(): void;
}

const ICONS = { light: <Sun aria-hidden />, dark: <Moon aria-hidden />, system: <Monitor aria-hidden /> };
/** A language is found by whoever does not read the present one. */
const OWN_NAMES: Record<Locale, string> = { ru: "Русский", en: "English" };
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The bar above every page: menu on a phone, search, and the person's own menu. */
export function Topbar({ onMenu, onPalette, onHelp }: Props) {
  const { t } = useTranslation();
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-b border-line bg-sunken/90 px-3 backdrop-blur-md sm:px-6 lg:rounded-t-xl">
      <IconButton label={t("shell.menu")} onClick={onMenu} className="lg:hidden"><MenuIcon aria-hidden /></IconButton>
      <button type="button" onClick={onPalette} className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-md border border-line bg-sheet px-3 text-ink-faint transition-colors hover:border-line-strong sm:max-w-sm">
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="min-w-0 flex-1 truncate text-left">{t("palette.open")}</span>
        <span aria-hidden className="max-sm:hidden"><Kbd>{isMac ? "⌘" : "Ctrl"} K</Kbd></span>
      </button>
      <div className="flex-1 max-sm:hidden" />
      <PersonMenu onHelp={onHelp} />
    </header>
  );
}

function PersonMenu({ onHelp }: { onHelp(): void }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const go = useGo();
  const { theme, setTheme } = useTheme();
  const shown = me.name || me.email;
  return (
    <Menu
      trigger={
        <Button look="quiet" className="px-1.5 sm:pr-2.5">
          <span className="sr-only">{t("shell.account")}:</span>
          <Avatar name={shown} size="sm" />
          <span className="max-w-40 truncate text-ink max-sm:hidden">{shown}</span>
        </Button>
      }
    >
      <div className="px-2.5 pt-1 pb-2">
        <div className="max-w-60 truncate font-medium">{shown}</div>
        <div className="max-w-60 truncate text-[13px] text-ink-faint">{me.email} · {t(`role.${me.role}`, { defaultValue: me.role })}</div>
      </div>
      <MenuLine />
      <MenuItem icon={<UserRound aria-hidden />} onSelect={() => go("/profile")}>{t("page.profile")}</MenuItem>
      <MenuItem icon={<Keyboard aria-hidden />} onSelect={onHelp}>{t("shortcuts.title")}</MenuItem>
      <MenuLine />
      <MenuLabel>{t("shell.theme")}</MenuLabel>
      <MenuChoice value={theme} onChange={(next) => setTheme(next as Theme)} choices={THEMES.map((value) => ({ value, label: t(`theme.${value}`), icon: ICONS[value] }))} />
      <MenuLine />
      <MenuLabel>{t("shell.language")}</MenuLabel>
      <MenuChoice value={i18n.language} onChange={(next) => void changeLocale(next as Locale)} choices={LOCALES.map((value) => ({ value, label: OWN_NAMES[value] }))} />
      <MenuLine />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void session.signOut()}>{t("shell.sign_out")}</MenuItem>
    </Menu>
  );
}
