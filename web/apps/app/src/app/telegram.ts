/** The Telegram client around the app, where there is one. Everywhere else each of these does nothing. */
import { useEffect, useRef } from "react";

type Bridge = typeof import("@tma.js/bridge");
type Rgb = `#${string}`;
export type Haptic = "light" | "selection" | "success" | "warning" | "error";

const DATA = "kassa-telegram-data";
const THEME = "kassa-telegram-theme";
const BOT = "kassa-telegram-bot";

/** How the app was opened: the signed words of Telegram, and the bot whose app it is. */
export interface Launch {
  initData: string;
  /** Our id of the bot. */
  bot: string;
  /** The person's Telegram id: another account of the same client is another session. */
  person: string;
  language: string;
  startParam: string;
}

function read(): Launch | null {
  const hash = new URLSearchParams(location.hash.slice(1));
  const initData = hash.get("tgWebAppData") ?? sessionStorage.getItem(DATA) ?? "";
  const bot = new URLSearchParams(location.search).get("bot") ?? sessionStorage.getItem(BOT) ?? "";
  if (!initData) return null;
  const fields = new URLSearchParams(initData);
  let user: { id?: number; language_code?: string } = {};
  try {
    user = JSON.parse(fields.get("user") ?? "{}") as typeof user;
  } catch {
    // Telegram's own client does not do that; the server will refuse it with a reason.
  }
  sessionStorage.setItem(DATA, initData);
  sessionStorage.setItem(BOT, bot);
  const theme = hash.get("tgWebAppThemeParams");
  if (theme) sessionStorage.setItem(THEME, theme);
  return {
    initData, bot, person: String(user.id ?? ""), language: user.language_code ?? "",
    startParam: fields.get("start_param") ?? hash.get("tgWebAppStartParam") ?? "",
  };
}

export const launch: Launch | null = read();

let bridge: Promise<Bridge> | null = null;

function post(act: (bridge: Bridge) => void): void {
  // A client of an older version lacks a method: that is its right.
  void bridge?.then(act).catch(() => undefined);
}

/** Colours, safe areas, "I am here". To be called once, before the first paint. */
export function startTelegram(): void {
  if (!launch) return;
  document.documentElement.classList.add("telegram");
  paint(JSON.parse(sessionStorage.getItem(THEME) ?? "{}") as Record<string, string>);
  // The address goes into links that people copy; the signed words must not.
  history.replaceState(history.state, "", location.pathname + location.search);
  bridge = import("@tma.js/bridge");
  post((b) => {
    b.setTargetOrigin("*"); // which client shows us is not known, and nothing secret is told to it
    b.on("theme_changed", ({ theme_params }) => {
      sessionStorage.setItem(THEME, JSON.stringify(theme_params));
      paint(theme_params as Record<string, string>);
    });
    b.on("safe_area_changed", (area) => inset("--tg-safe-area-inset", area));
    b.on("content_safe_area_changed", (area) => inset("--tg-content-safe-area-inset", area));
    b.postEvent("web_app_ready");
    b.postEvent("web_app_expand");
    b.postEvent("web_app_request_theme");
    b.postEvent("web_app_request_safe_area");
    b.postEvent("web_app_request_content_safe_area");
  });
}

function paint(theme: Record<string, string>): void {
  const root = document.documentElement;
  for (const [name, value] of Object.entries(theme)) {
    if (/^#[0-9a-f]{6}$/i.test(value)) root.style.setProperty(`--tg-${name.replaceAll("_", "-")}`, value);
  }
  const ground = theme.bg_color;
  if (ground) root.classList.toggle("dark", isDark(ground));
  const behind = (theme.secondary_bg_color ?? ground) as Rgb | undefined;
  if (behind) {
    post((b) => {
      b.postEvent("web_app_set_header_color", { color: behind });
      b.postEvent("web_app_set_background_color", { color: behind });
    });
  }
}

function isDark(colour: string): boolean {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

function inset(name: string, area: { top: number; bottom: number; left: number; right: number }): void {
  for (const side of ["top", "bottom", "left", "right"] as const) document.documentElement.style.setProperty(`${name}-${side}`, `${area[side]}px`);
}

/** What a finger feels: `light` on a press, `selection` while one moves through choices, the others when something has ended. */
export function haptic(kind: Haptic): void {
  post((b) => {
    if (kind === "light") b.postEvent("web_app_trigger_haptic_feedback", { type: "impact", impact_style: "light" });
    else if (kind === "selection") b.postEvent("web_app_trigger_haptic_feedback", { type: "selection_change" });
    else b.postEvent("web_app_trigger_haptic_feedback", { type: "notification", notification_type: kind });
  });
}

/** Telegram's own back arrow, while there is a way back. */
export function useBackButton(back: (() => void) | null): void {
  const latest = useRef(back);
  latest.current = back;
  const isThere = back !== null;
  useEffect(() => {
    if (!launch || !isThere) return;
    let off: (() => void) | undefined;
    post((b) => {
      b.postEvent("web_app_setup_back_button", { is_visible: true });
      off = b.on("back_button_pressed", () => latest.current?.());
    });
    return () => {
      off?.();
      post((b) => b.postEvent("web_app_setup_back_button", { is_visible: false }));
    };
  }, [isThere]);
}

export interface MainAction {
  text: string;
  onPress(): void;
  isBusy?: boolean;
  isDisabled?: boolean;
}

/** Telegram's own button at the bottom; the answer is whether there is one. */
export function useMainButton(action: MainAction | null): boolean {
  const latest = useRef(action);
  latest.current = action;
  const { text, isBusy = false, isDisabled = false } = action ?? { text: "" };
  const isThere = action !== null;
  useEffect(() => {
    if (!launch || !isThere) return;
    let off: (() => void) | undefined;
    post((b) => (off = b.on("main_button_pressed", () => latest.current?.onPress())));
    return () => {
      off?.();
      post((b) => b.postEvent("web_app_setup_main_button", { is_visible: false }));
    };
  }, [isThere]);
  useEffect(() => {
    if (isThere) post((b) => b.postEvent("web_app_setup_main_button", { is_visible: true, is_active: !isDisabled && !isBusy, is_progress_visible: isBusy, text }));
  }, [isThere, text, isBusy, isDisabled]);
  return launch !== null;
}

/** Telegram asks before it closes the app: while there is something unsent. */
export function useClosingConfirmation(isNeeded: boolean): void {
  useEffect(() => {
    if (!isNeeded) return;
    post((b) => b.postEvent("web_app_setup_closing_behavior", { need_confirmation: true }));
    return () => post((b) => b.postEvent("web_app_setup_closing_behavior", { need_confirmation: false }));
  }, [isNeeded]);
}

/** A screen with vertical gestures of its own keeps Telegram from closing the app by them. */
export function useOwnSwipes(): void {
  useEffect(() => {
    post((b) => b.postEvent("web_app_setup_swipe_behavior", { allow_vertical_swipe: false }));
    return () => post((b) => b.postEvent("web_app_setup_swipe_behavior", { allow_vertical_swipe: true }));
  }, []);
}

/** A page of the web, beside the app. Only inside a gesture. */
export function openLink(url: string): void {
  if (!launch) location.assign(url);
  else if (/^https:\/\/t\.me\//.test(url)) post((b) => b.postEvent("web_app_open_tg_link", { path_full: url.slice("https://t.me".length) }));
  else post((b) => b.postEvent("web_app_open_link", { url }));
}
