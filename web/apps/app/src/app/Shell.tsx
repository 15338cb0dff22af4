import { House, MessageCircle, Sparkles, UserRound } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { cn } from "../ui/cn";
import { useMe } from "./account";
import { changeLocale, currentLocale, useI18n } from "./i18n";
import { api } from "./session";
import { haptic, launch } from "./telegram";

const TABS = [
  { to: "/", key: "tab.home", icon: House, is: /^\/$/ },
  { to: "/chat", key: "tab.chat", icon: MessageCircle, is: /^\/(chat|dialogs)/ },
  { to: "/plans", key: "tab.plans", icon: Sparkles, is: /^\/plans/ },
  { to: "/profile", key: "tab.profile", icon: UserRound, is: /^\/(profile|orders|usage)/ },
] as const;

/** What is around every screen: the tabs, below on a phone and beside the screen where there is room. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useI18n();
  const [path, go] = useLocation();
  const { data: me } = useMe();
  useEffect(() => {
    if (me?.is_locale_known) changeLocale(me.locale);
    // Nobody knows it yet: what the browser speaks is what the bot shall speak too.
    else if (me) void api.PUT("/api/v1/auth/locale", { body: { locale: currentLocale() } }).catch(() => undefined);
  }, [me?.locale]);
  useEffect(() => {
    const wanted = startScreen();
    if (wanted) go(wanted, { replace: true });
  }, []);
  const isChat = path.startsWith("/chat");
  return (
    <div className="md:pl-60">
      <a href="#screen" className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:m-2 focus:rounded-xl focus:bg-sheet focus:p-3">{t("action.skip")}</a>
      <Offline />
      <main id="screen" tabIndex={-1} className={cn("outline-none", !isChat && "pb-[calc(var(--tabs)+var(--safe-bottom))] md:pb-0")} style={{ paddingTop: "var(--safe-top)" }}>{children}</main>
      <nav
        aria-label={t("tab.all")}
        className={cn("fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-sheet/92 pb-[var(--safe-bottom)] backdrop-blur-xl md:inset-y-0 md:right-auto md:w-60 md:flex-col md:gap-1 md:border-t-0 md:border-r md:p-4", isChat && "max-md:hidden")}
      >
        <span className="mb-3 hidden truncate px-3 pt-2 text-[20px] font-bold tracking-tight md:block">{me?.organization ?? ""}</span>
        {TABS.map((tab) => {
          const isHere = tab.is.test(path);
          return (
            <Link
              key={tab.to} href={tab.to} aria-current={isHere ? "page" : undefined} onClick={() => !isHere && haptic("light")}
              className={cn(
                "tap flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-[11px] font-medium md:h-12 md:flex-none md:flex-row md:justify-start md:gap-3 md:rounded-2xl md:px-3.5 md:text-[16px]",
                isHere ? "text-brand-text md:bg-brand-soft" : "text-ink-soft hover:text-ink md:hover:bg-hover",
              )}
            >
              <tab.icon aria-hidden className="size-6 md:size-[22px]" strokeWidth={isHere ? 2.3 : 1.9} />
              {t(tab.key)}
            </Link>
          );
        })}
      </nav>
    </div>
  );
}

const SECTIONS = new Set(["chat", "dialogs", "plans", "orders", "usage", "profile"]);

/** Where a link into the Mini App leads: `plans_eternal-150k` is /plans/eternal-150k. Once, not at every reload. */
function startScreen(): string | null {
  const words = launch?.startParam.split("_") ?? [];
  if (!SECTIONS.has(words[0]!) || sessionStorage.getItem("kassa-start") === launch!.initData) return null;
  sessionStorage.setItem("kassa-start", launch!.initData);
  return `/${words.map(encodeURIComponent).join("/")}`;
}

function Offline() {
  const { t } = useI18n();
  const [isAway, setAway] = useState(!navigator.onLine);
  useEffect(() => {
    const look = () => setAway(!navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  return isAway ? <p role="status" className="sticky top-0 z-30 bg-warn-soft px-4 py-2 text-center text-[14px] text-warn">{t("state.offline")}</p> : null;
}
