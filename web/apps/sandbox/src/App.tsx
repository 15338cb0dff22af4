// The page: people and chats, the phone, faults and requests; on a small screen the phone is the page.

import { useEffect, useRef, useState, type ReactNode } from "react";

import { ChatView } from "./chat/ChatView";
import { Browser } from "./chat/Browser";
import { MiniApp, Minimized } from "./miniapp/MiniApp";
import { pulse } from "./miniapp/pulse";
import { Panel } from "./panel/Panel";
import { Icon, Primary } from "./parts";
import { usePreferences, type Theme } from "./preferences";
import { SandboxProvider, useSandbox } from "./sandbox";
import { Sidebar } from "./side/Sidebar";

export function App() {
  return (
    <SandboxProvider>
      <Page />
    </SandboxProvider>
  );
}

function Page() {
  const { t } = usePreferences();
  const { status, toast, reload, app, browser, onPulse } = useSandbox();
  const phone = useRef<HTMLDivElement>(null);
  const edge = useRef<HTMLDivElement>(null);
  const isCovered = Boolean(browser ?? (app && !app.isMinimized));
  useEffect(() => { onPulse.current = (style) => pulse(phone.current, edge.current, style); }, [onPulse]);
  const [drawer, setDrawer] = useState<"menu" | "panel" | null>(null);
  if (status === "failed") {
    return (
      <div className="grid h-full place-items-center p-6 text-center">
        <div className="space-y-4">
          <p className="text-lg font-medium">{t("failed")}</p>
          <Primary type="button" onClick={() => void reload().catch(() => undefined)}>{t("retry")}</Primary>
        </div>
      </div>
    );
  }
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)] lg:grid-cols-[19.5rem_minmax(0,1fr)] xl:grid-cols-[19.5rem_minmax(0,1fr)_23rem]">
      <aside className="hidden min-h-0 flex-col border-r border-line bg-panel lg:flex"><Brand /><Sidebar /></aside>
      <main className="min-h-0 min-w-0 lg:grid lg:place-items-center lg:p-6">
        <div ref={phone} className="relative h-full w-full overflow-hidden lg:h-[min(880px,100%)] lg:w-[430px] lg:rounded-[46px] lg:border-[10px] lg:border-[#11161c] lg:shadow-[0_30px_80px_-20px_#0f1c2e66,0_0_0_1.5px_#2a333d] dark:lg:border-[#05080b] dark:lg:shadow-[0_30px_80px_-10px_#000,0_0_0_1.5px_#333e4a]">
          <div className="flex h-full flex-col">
            <StatusBar />
            <div className="relative flex min-h-0 flex-1 flex-col">
              <div className="min-h-0 flex-1" inert={isCovered}><ChatView onMenu={() => setDrawer("menu")} onPanel={() => setDrawer("panel")} /></div>
              {app?.isMinimized && <Minimized launch={app.launch} />}
              {app && <MiniApp key={app.launch.id} {...app} />}
              <Browser />
            </div>
            <div aria-hidden className="hidden h-[18px] shrink-0 place-items-center bg-panel lg:grid"><span className="pointer-events-none relative z-30 h-[5px] w-32 rounded-full bg-ink/80" /></div>
          </div>
          <div ref={edge} aria-hidden className="pointer-events-none absolute inset-0 z-40 opacity-0 shadow-[inset_0_0_0_3px_currentColor,inset_0_0_26px_currentColor] lg:rounded-[36px]" />
          <div aria-live="polite" className="pointer-events-none absolute inset-x-0 top-16 z-40 lg:top-24 grid place-items-center px-4">
            {toast && <span className="max-w-full animate-rise rounded-2xl bg-[#1b232cf2] px-4 py-2 text-center text-[14px] text-white shadow-xl">{toast}</span>}
          </div>
        </div>
      </main>
      <aside className="hidden min-h-0 border-l border-line bg-page xl:block"><Panel /></aside>
      {drawer && (
        <Drawer side={drawer === "menu" ? "left" : "right"} onClose={() => setDrawer(null)}>
          {drawer === "menu" ? <><Brand /><Sidebar onPick={() => setDrawer(null)} /></> : <Panel />}
        </Drawer>
      )}
    </div>
  );
}

/** What makes the frame a phone; only where there is a frame. */
function StatusBar() {
  const { language } = usePreferences();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div aria-hidden className="relative hidden h-9 shrink-0 items-center justify-between bg-panel px-7 text-[13.5px] font-semibold select-none lg:flex">
      <span className="tabular-nums">{now.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" })}</span>
      <span className="absolute top-2 left-1/2 h-[22px] w-24 -translate-x-1/2 rounded-full bg-[#05080b]" />
      <svg viewBox="0 0 52 12" width="52" height="12" fill="currentColor">
        <rect x="0" y="7" width="3" height="5" rx="1" /><rect x="4.5" y="5" width="3" height="7" rx="1" /><rect x="9" y="2.5" width="3" height="9.5" rx="1" /><rect x="13.5" y="0" width="3" height="12" rx="1" />
        <rect x="25" y="0.75" width="22" height="10.5" rx="3.2" fill="none" stroke="currentColor" strokeOpacity="0.5" /><rect x="26.7" y="2.4" width="16" height="7.2" rx="1.8" /><rect x="48.5" y="4" width="2" height="4" rx="1" opacity="0.5" />
      </svg>
    </div>
  );
}

function Drawer({ side, children, onClose }: { side: "left" | "right"; children: ReactNode; onClose: () => void }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && onClose();
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onClose]);
  return (
    <div className="fixed inset-0 z-50 animate-fade bg-[#0b121a80]" onClick={onClose}>
      <div role="dialog" aria-modal="true" onClick={(event) => event.stopPropagation()}
        className={`absolute inset-y-0 flex w-[min(23rem,88vw)] flex-col shadow-2xl ${side === "left" ? "left-0 bg-panel" : "right-0 bg-page"}`}>
        {children}
      </div>
    </div>
  );
}

function Brand() {
  const { t, language, setLanguage, theme, setTheme } = usePreferences();
  const themes: Theme[] = ["system", "light", "dark"];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  return (
    <div className="flex shrink-0 items-center gap-2.5 border-b border-line px-4 py-3">
      <span className="grid size-9 place-items-center rounded-xl bg-[#2f7cf6] text-white">
        <svg viewBox="0 0 32 32" width="22" aria-hidden><path d="M11 8v16M21 8l-8 8 8 8" fill="none" stroke="currentColor" strokeWidth="3.4" strokeLinecap="round" strokeLinejoin="round" /></svg>
      </span>
      <div className="min-w-0 flex-1 leading-tight">
        <div className="font-semibold">Kassa</div>
        <div className="truncate text-[13px] text-ink-soft">{t("sandbox")}</div>
      </div>
      <button type="button" onClick={() => setLanguage(language === "ru" ? "en" : "ru")} aria-label={t("language")}
        className="h-8 rounded-lg px-2 text-[13px] font-semibold text-ink-soft transition-colors hover:bg-ink/8 hover:text-ink">{language === "ru" ? "RU" : "EN"}</button>
      <button type="button" onClick={() => setTheme(next)} title={`${t("theme")}: ${t(theme)}`} aria-label={`${t("theme")}: ${t(theme)}`}
        className="grid size-8 place-items-center rounded-lg text-ink-soft transition-colors hover:bg-ink/8 hover:text-ink">
        <Icon name={theme === "light" ? "sun" : theme === "dark" ? "moon" : "auto"} size={19} />
      </button>
    </div>
  );
}
