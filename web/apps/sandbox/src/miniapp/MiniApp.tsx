// A Mini App over the chat, as Telegram shows it: a sheet with a header, the page in a frame, its buttons below.

import { useEffect, useRef, useState, type PointerEvent } from "react";

import { Avatar, Icon, colorOf } from "../parts";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import { BottomBar } from "./BottomBar";
import { inkOn, isShown, shade } from "./host";
import { InvoiceWindow, PopupWindow } from "./popups";
import type { Launch } from "./types";
import { useHost, type HostControl } from "./useHost";

const SWIPE_PX = 90;
/** What a page may do in the phone: everything but leading the phone itself away. */
const MAY = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads";

export function MiniApp({ launch, isMinimized }: { launch: Launch; isMinimized: boolean }) {
  const { t, isDark } = usePreferences();
  const { minimizeApp, personId, browser } = useSandbox();
  const frame = useRef<HTMLIFrameElement>(null);
  const control = useHost(launch, frame);
  const { host, send, popup, invoice, requestClose, expand } = control;
  const [drag, setDrag] = useState<{ from: number; by: number } | null>(null);
  const theme = launch.themes[isDark ? "dark" : "light"];
  const header = shade(host.header, theme, "header_bg_color");
  const background = shade(host.background, theme, "bg_color");
  const hasBar = [host.main, host.secondary].some(isShown);

  const wasMinimized = useRef(isMinimized);
  useEffect(() => {
    if (wasMinimized.current !== isMinimized) send("visibility_changed", { is_visible: !isMinimized });
    wasMinimized.current = isMinimized;
  }, [isMinimized, send]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !isMinimized && !browser && !popup && !invoice) host.hasBack ? send("back_button_pressed") : requestClose();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [browser, host.hasBack, invoice, isMinimized, popup, requestClose, send]);

  const onDown = (event: PointerEvent) => {
    if ((event.target as HTMLElement).closest("button, [popover]")) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ from: event.clientY, by: 0 });
  };
  const onUp = () => {
    if (drag && drag.by > SWIPE_PX) host.confirmsClosing ? requestClose() : minimizeApp(true);
    if (drag && drag.by < -SWIPE_PX / 3) expand();
    setDrag(null);
  };

  return (
    <div className={isMinimized ? "hidden" : "absolute inset-0 z-20 flex animate-fade flex-col justify-end bg-black/40 lg:-top-9 lg:-bottom-[18px]"} onClick={(event) => event.target === event.currentTarget && requestClose()}>
      <section role="dialog" aria-modal="true" aria-label={launch.title} data-launch={launch.id}
        className={`relative flex min-h-0 flex-col overflow-hidden rounded-t-[16px] shadow-[0_-8px_40px_#0005] ${drag ? "" : "transition-[height,translate] duration-250 ease-out"} ${host.isExpanded ? "h-[calc(100%-6px)] lg:h-[calc(100%-42px)]" : "h-[64%]"}`}
        style={{ background, translate: `0 ${Math.max(drag?.by ?? 0, 0)}px` }}>
        <header style={{ background: header, color: inkOn(header) }} className="relative flex h-[58px] shrink-0 touch-none items-center gap-1 px-2 pt-2 select-none"
          onPointerDown={onDown} onPointerMove={(event) => drag && setDrag({ ...drag, by: event.clientY - drag.from })} onPointerUp={onUp} onPointerCancel={() => setDrag(null)}>
          <span aria-hidden className="absolute top-1.5 left-1/2 h-1 w-9 -translate-x-1/2 rounded-full bg-current opacity-20" />
          <div className="flex w-[104px] shrink-0">
            <button type="button" onClick={() => (host.hasBack ? send("back_button_pressed") : requestClose())}
              className="flex h-9 items-center gap-0.5 rounded-full py-1 pr-3 pl-1.5 text-[16px] transition-colors hover:bg-current/10" style={{ color: host.header.startsWith("#") ? undefined : theme.accent_text_color }}>
              <Icon name={host.hasBack ? "back" : "close"} size={22} />{t(host.hasBack ? "back" : "close")}
            </button>
          </div>
          <div className="min-w-0 flex-1 text-center leading-tight">
            <h2 className="truncate text-[16px] font-semibold">{launch.title}</h2>
            <p className="truncate text-[12.5px] opacity-60">{t("miniApp")}</p>
          </div>
          <div className="flex w-[104px] shrink-0 justify-end">
            <HeaderButton icon="down" label={t("collapse")} onClick={() => minimizeApp(true)} />
            <Menu launch={launch} control={control} />
          </div>
        </header>
        <div className="relative min-h-0 flex-1">
          <iframe ref={frame} key={control.attempt} src={control.address} title={launch.title} sandbox={MAY} allow="clipboard-write; fullscreen"
            onLoad={control.loaded} style={{ background, colorScheme: isDark ? "dark" : "light" }} className={`absolute inset-0 size-full ${drag ? "pointer-events-none" : ""}`} />
          {!host.isReady && (
            <div role="status" aria-label={t("loading")} className="absolute inset-0 grid animate-fade place-items-center" style={{ background, color: inkOn(background) }}>
              <span className="relative grid place-items-center">
                <Avatar name={launch.title} color={colorOf(launch.bot)} size={64} />
                <span className="spinner absolute size-[84px] opacity-30" />
              </span>
            </div>
          )}
        </div>
        <BottomBar host={host} theme={theme} onPress={send} />
        <div aria-hidden className="hidden h-[18px] shrink-0 lg:block" style={{ background: hasBar ? shade(host.bottomBar, theme, "bottom_bar_bg_color") : background }} />
        {popup && <PopupWindow popup={popup} />}
        {invoice && <InvoiceWindow slug={invoice} chat={`${launch.bot}:${personId}`} onClose={control.closeInvoice} />}
      </section>
    </div>
  );
}

function HeaderButton({ icon, label, onClick }: { icon: string; label: string; onClick: () => void }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} className="grid size-9 shrink-0 place-items-center rounded-full transition-colors hover:bg-current/10">
      <Icon name={icon} size={21} />
    </button>
  );
}

function Menu({ launch, control }: { launch: Launch; control: HostControl }) {
  const { t } = usePreferences();
  const { minimizeApp, chooseChat, personId } = useSandbox();
  const menu = useRef<HTMLDivElement>(null);
  const item = (label: string, act: () => void) => (
    <button type="button" onClick={() => { menu.current?.hidePopover(); act(); }} className="block w-full rounded-xl px-3 py-2 text-left transition-colors hover:bg-soft">{label}</button>
  );
  return (
    <>
      <button type="button" popoverTarget="app-menu" aria-label={t("menu")} title={t("menu")} className="grid size-9 shrink-0 place-items-center rounded-full transition-colors [anchor-name:--app-menu] hover:bg-current/10">
        <Icon name="dots" size={21} className="rotate-90 [stroke-width:2.6]" />
      </button>
      <div ref={menu} id="app-menu" popover="auto"
        className="m-0 min-w-52 rounded-2xl border border-line bg-panel p-1.5 text-[15px] text-ink shadow-2xl [position-anchor:--app-menu] [inset:auto] [top:anchor(bottom)] [right:anchor(right)]">
        {control.host.hasSettings && item(t("settings"), () => control.send("settings_button_pressed"))}
        {item(t("openBot"), () => { chooseChat(`${launch.bot}:${personId}`); minimizeApp(true); })}
        {item(t("reload"), control.reload)}
        {item(t("closeApp"), control.requestClose)}
      </div>
    </>
  );
}

/** A minimized app waits below the chat. */
export function Minimized({ launch }: { launch: Launch }) {
  const { t } = usePreferences();
  const { minimizeApp } = useSandbox();
  return (
    <button type="button" onClick={() => minimizeApp(false)} aria-label={`${t("openApp")}: ${launch.title}`}
      className="relative z-10 flex h-12 w-full shrink-0 items-center gap-2.5 rounded-t-[16px] border-t border-line bg-panel px-4 text-left shadow-[0_-4px_18px_#0002] transition-colors hover:bg-soft">
      <Avatar name={launch.title} color={colorOf(launch.bot)} size={28} />
      <span className="min-w-0 flex-1 truncate text-[15px] font-semibold">{launch.title}</span>
      <span className="text-[13px] text-ink-soft">{t("miniApp")}</span>
      <Icon name="down" size={18} className="rotate-180 text-ink-soft" />
    </button>
  );
}
