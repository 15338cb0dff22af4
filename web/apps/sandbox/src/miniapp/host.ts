// What methods of the protocol change around the app. Pure: answers and effects are elsewhere.

import type { AppButton, Host, Params, Position, Theme } from "./types";

const BUTTON: AppButton = { isVisible: false, isActive: true, isProgressVisible: false, hasShine: false, text: "", color: "", textColor: "" };

export function newHost(isExpanded: boolean): Host {
  return {
    isReady: false, isExpanded, canReload: false, hasBack: false, hasSettings: false, confirmsClosing: false, allowsSwipe: true,
    header: "", background: "", bottomBar: "", main: BUTTON, secondary: BUTTON, position: "left",
  };
}

/** The host after a method; the same one when the method changes nothing of it. */
export function apply(host: Host, method: string, params: Params): Host {
  switch (method) {
    case "iframe_ready":
      return { ...host, canReload: params.reload_supported === true };
    case "iframe_will_reload":
      return newHost(host.isExpanded);
    case "web_app_ready":
      return { ...host, isReady: true };
    case "web_app_expand":
      return { ...host, isExpanded: true };
    case "web_app_setup_back_button":
      return { ...host, hasBack: params.is_visible === true };
    case "web_app_setup_settings_button":
      return { ...host, hasSettings: params.is_visible === true };
    case "web_app_setup_closing_behavior":
      return { ...host, confirmsClosing: params.need_confirmation === true };
    case "web_app_setup_swipe_behavior":
      return { ...host, allowsSwipe: params.allow_vertical_swipe !== false };
    case "web_app_setup_main_button":
      return { ...host, main: button(host.main, params) };
    case "web_app_setup_secondary_button":
      return { ...host, secondary: button(host.secondary, params), position: positionOf(params.position) ?? host.position };
    case "web_app_set_header_color":
      return { ...host, header: color(params.color) ?? color(params.color_key) ?? host.header };
    case "web_app_set_background_color":
      return { ...host, background: color(params.color) ?? host.background };
    case "web_app_set_bottom_bar_color":
      return { ...host, bottomBar: color(params.color) ?? host.bottomBar };
    default:
      return host;
  }
}

/** What a call does not name stays as it was. */
function button(old: AppButton, params: Params): AppButton {
  const flag = (value: unknown, before: boolean) => (typeof value === "boolean" ? value : before);
  return {
    isVisible: flag(params.is_visible, old.isVisible),
    isActive: flag(params.is_active, old.isActive),
    isProgressVisible: flag(params.is_progress_visible, old.isProgressVisible),
    hasShine: flag(params.has_shine_effect, old.hasShine),
    text: typeof params.text === "string" ? params.text.trim().slice(0, 64) : old.text,
    color: color(params.color) ?? old.color,
    textColor: color(params.text_color) ?? old.textColor,
  };
}

/** A button without a text is not shown, as in Telegram. */
export function isShown(button: AppButton): boolean {
  return button.isVisible && button.text !== "";
}

function positionOf(value: unknown): Position | undefined {
  return value === "left" || value === "right" || value === "top" || value === "bottom" ? value : undefined;
}

function color(value: unknown): string | undefined {
  return typeof value === "string" && (/^#[0-9a-f]{6}$/i.test(value) || /^[a-z_]+_color$/.test(value)) ? value : undefined;
}

/** A colour as the theme of now shows it. */
export function shade(value: string, theme: Theme, otherwise: string): string {
  if (value.startsWith("#")) return value;
  return theme[value] ?? theme[otherwise] ?? "#ffffff";
}

/** Black or white, whichever reads better on a colour. */
export function inkOn(background: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(background.slice(at, at + 2), 16)) as [number, number, number];
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#000000" : "#ffffff";
}
