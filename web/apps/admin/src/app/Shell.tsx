import { useTranslation } from "@kassa/i18n";
import { Sheet, Skeleton } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import { CommandPalette } from "./CommandPalette";
import { ConnectionBanner } from "./ConnectionBanner";
import { Logo } from "./Logo";
import { meQuery } from "./me";
import { usePath } from "./nav";
import { PAGES } from "./pages";
import { LoadFailed } from "./problems";
import { ShortcutsHelp } from "./ShortcutsHelp";
import { useShortcuts } from "./shortcuts";
import { Sidebar } from "./Sidebar";
import { Topbar } from "./Topbar";

/** Everything around a page: navigation, the bar above, and the person who is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const me = useQuery(meQuery);
  if (me.data) return <Frame />;
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <h1 className="sr-only">Kassa</h1>
      {me.isError ? <LoadFailed error={me.error} onRetry={() => void me.refetch()} /> : <div role="status"><Logo className="size-10 animate-pulse" /><span className="sr-only">{t("state.loading")}</span></div>}
    </main>
  );
}

function Frame() {
  const { t } = useTranslation();
  const path = usePath();
  const main = useRef<HTMLElement>(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  useShortcuts({ onPalette: () => setPaletteOpen(true), onHelp: () => setHelpOpen(true) });
  usePageTitle(path);
  useEffect(() => setMenuOpen(false), [path]);
  return (
    <div className="flex min-h-dvh">
      <a href="#content" onClick={() => main.current?.focus()} className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-60 focus:rounded-md focus:bg-brand focus:px-4 focus:py-2 focus:font-medium focus:text-brand-ink">
        {t("shell.skip")}
      </a>
      <aside className="scroll-quiet sticky top-0 hidden h-dvh w-60 shrink-0 overflow-y-auto lg:block">
        <Sidebar />
      </aside>
      <Sheet isOpen={isMenuOpen} onClose={() => setMenuOpen(false)} title="Kassa" closeLabel={t("action.close")}>
        <Sidebar isInSheet />
      </Sheet>
      <div className="flex min-w-0 flex-1 flex-col lg:py-2 lg:pr-2">
        <div className="flex min-h-0 flex-1 flex-col border-line bg-sunken lg:rounded-xl lg:border">
          <Topbar onMenu={() => setMenuOpen(true)} onPalette={() => setPaletteOpen(true)} onHelp={() => setHelpOpen(true)} />
          <ConnectionBanner />
          <main ref={main} id="content" tabIndex={-1} className="mx-auto w-full max-w-[1400px] flex-1 px-4 pt-5 pb-16 outline-none sm:px-6">
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </main>
        </div>
      </div>
      <CommandPalette isOpen={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
      <ShortcutsHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

/** The window's title follows the page, and whoever listens hears that the page has changed. */
function usePageTitle(path: string): void {
  const { t, i18n } = useTranslation();
  useEffect(() => {
    const page = PAGES.find((each) => path === each.path || path.startsWith(`${each.path}/`));
    document.title = page ? `${t(`page.${page.name}`)} · Kassa` : "Kassa";
  }, [path, t, i18n.language]);
}

function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">{t("state.loading")}</span>
      <Skeleton className="h-7 w-48" />
      <Skeleton className="h-64 w-full rounded-lg" />
    </div>
  );
}
