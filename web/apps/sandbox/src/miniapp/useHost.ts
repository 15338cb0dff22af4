// The phone's side of the protocol: takes the app's methods, answers with events (core.telegram.org/bots/webapps).

import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

import { api } from "../api";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import { answerTo } from "./answers";
import { apply, newHost } from "./host";
import { readPopup } from "./popups";
import type { AppEvent, Host, Launch, Params, Popup } from "./types";

const RELOAD_MS = 500;
const NO_INSETS = { top: 0, bottom: 0, left: 0, right: 0 };
const SCROLLBARS = "*{scrollbar-width:thin;scrollbar-color:#8888 transparent}";

export type HostControl = {
  host: Host; popup: Popup | null; invoice: string; address: string; attempt: number;
  send: (eventType: string, eventData?: unknown) => void;
  requestClose: () => void; reload: () => void; expand: () => void; loaded: () => void; closeInvoice: (status: string) => void;
};

export function useHost(launch: Launch, frame: RefObject<HTMLIFrameElement | null>): HostControl {
  const { t, isDark } = usePreferences();
  const { closeApp, follow, personId, pulse, say } = useSandbox();
  const [host, setHost] = useState(() => newHost(launch.mode === "full"));
  const [popup, setPopup] = useState<Popup | null>(null);
  const [invoice, setInvoice] = useState("");
  const [attempt, setAttempt] = useState(0);
  const noted = useRef<Promise<unknown>>(Promise.resolve());
  const reloading = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ host, popup, isDark });
  latest.current = { host, popup, isDark };

  const send = useCallback((eventType: string, eventData?: unknown) => {
    frame.current?.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), "*");
  }, [frame]);

  const ask = useCallback((asked: Omit<Popup, "close">) => new Promise<string | undefined>((resolve) => {
    setPopup({ ...asked, close: (id) => { setPopup(null); resolve(id); } });
  }), []);

  const sendViewport = useCallback((is_state_stable: boolean) => {
    const box = frame.current?.getBoundingClientRect();
    if (box) send("viewport_changed", { height: Math.round(box.height), width: Math.round(box.width), is_expanded: latest.current.host.isExpanded, is_state_stable });
  }, [frame, send]);

  const requestClose = useCallback(() => {
    if (!latest.current.host.confirmsClosing) return closeApp();
    if (latest.current.popup) return;
    void ask({ title: launch.title, message: t("mayNotBeSaved"), buttons: [
      { id: "close", type: "destructive", text: t("closeAnyway") }, { id: "", type: "default", text: t("cancel") },
    ] }).then((id) => id === "close" && closeApp());
  }, [ask, closeApp, launch.title, t]);

  const reload = useCallback(() => {
    const again = () => { setHost((old) => newHost(old.isExpanded)); setAttempt((old) => old + 1); };
    if (!latest.current.host.canReload) return again();
    send("reload_iframe");
    reloading.current = setTimeout(again, RELOAD_MS);
  }, [send]);

  /** Does what a method asks for; the events that it was answered with. */
  const answer = useCallback(async (method: string, params: Params): Promise<AppEvent[]> => {
    const reply = (eventType: string, eventData?: unknown): AppEvent[] => {
      send(eventType, eventData);
      return [{ eventType, eventData }];
    };
    switch (method) {
      case "iframe_ready":
        return reply("set_custom_style", SCROLLBARS);
      case "iframe_will_reload":
        clearTimeout(reloading.current);
        return [];
      case "web_app_close":
        closeApp();
        return [];
      case "web_app_request_theme":
        return reply("theme_changed", { theme_params: launch.themes[latest.current.isDark ? "dark" : "light"] });
      case "web_app_request_viewport":
        sendViewport(true);
        return [{ eventType: "viewport_changed" }];
      case "web_app_request_safe_area":
        return reply("safe_area_changed", NO_INSETS);
      case "web_app_request_content_safe_area":
        return reply("content_safe_area_changed", NO_INSETS);
      case "web_app_trigger_haptic_feedback":
        pulse(String(params.type), String(params.impact_style ?? params.notification_type ?? ""));
        return [];
      case "web_app_open_link":
        if (/^https?:\/\//i.test(String(params.url))) follow(String(params.url));
        return [];
      case "web_app_open_tg_link":
        follow(`https://t.me/${String(params.path_full).replace(/^\/+/, "")}`);
        return [];
      case "web_app_open_popup": {
        const asked = latest.current.popup ? null : readPopup(params, t);
        const id = asked ? await ask(asked) : undefined;
        return reply("popup_closed", id === undefined ? {} : { button_id: id });
      }
      case "web_app_open_invoice":
        setInvoice(String(params.slug));
        return [];
      case "web_app_request_write_access": {
        const buttons = [{ id: "allow", type: "default", text: t("allow") }, { id: "", type: "cancel", text: t("cancel") }];
        const isAllowed = (await ask({ title: t("writeAccess"), message: `${launch.title}: ${t("writeAccessHint")}`, buttons })) === "allow";
        if (isAllowed) await api.allowWriting(launch.id);
        return reply("write_access_requested", { status: isAllowed ? "allowed" : "cancelled" });
      }
      case "web_app_request_file_download": {
        const buttons = [{ id: "load", type: "default", text: t("download") }, { id: "", type: "cancel", text: t("cancel") }];
        const isWanted = (await ask({ title: t("downloadFile"), message: String(params.file_name), buttons })) === "load";
        if (isWanted && /^https?:\/\//i.test(String(params.url))) window.open(String(params.url), "_blank", "noopener");
        return reply("file_download_requested", { status: isWanted ? "downloading" : "cancelled" });
      }
      case "web_app_data_send":
        await api.sendAppData(launch.id, String(params.data)).then(closeApp, (error: Error) => say(error.message));
        return [];
      case "web_app_hide_keyboard":
        frame.current?.blur();
        return [];
      default: {
        const event = await answerTo(launch, `${launch.bot}/${personId}`, method, params);
        return event ? reply(event.eventType, event.eventData) : [];
      }
    }
  }, [ask, closeApp, follow, frame, launch, personId, pulse, say, send, sendViewport, t]);

  useEffect(() => {
    const listen = (message: MessageEvent) => {
      if (!frame.current || message.source !== frame.current.contentWindow || typeof message.data !== "string") return;
      const call = read(message.data);
      if (!call) return;
      setHost((old) => apply(old, call.method, call.params));
      // One after another, so that the list is in the order of the calls; a failed note is no failure of the app.
      const answered = answer(call.method, call.params).catch((): AppEvent[] => []);
      noted.current = noted.current.then(async () => api.noteCall(launch.id, call.method, call.params, await settled(answered))).catch(() => undefined);
    };
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  }, [answer, frame, launch.id]);

  useEffect(() => {
    send("theme_changed", { theme_params: launch.themes[isDark ? "dark" : "light"] });
  }, [isDark, launch.themes, send]);

  useEffect(() => {
    if (!frame.current) return;
    let timer: ReturnType<typeof setTimeout>;
    const observer = new ResizeObserver(() => {
      sendViewport(false);
      clearTimeout(timer);
      timer = setTimeout(() => sendViewport(true), 120);
    });
    observer.observe(frame.current);
    return () => { clearTimeout(timer); observer.disconnect(); };
  }, [frame, sendViewport, attempt]);

  return {
    host, popup, invoice, attempt, address: launch.url, send, requestClose, reload,
    expand: () => setHost((old) => ({ ...old, isExpanded: true })),
    loaded: () => setHost((old) => ({ ...old, isReady: true })),
    closeInvoice: (status) => { send("invoice_closed", { slug: invoice, status }); setInvoice(""); },
  };
}

function read(data: string): { method: string; params: Params } | null {
  try {
    const { eventType, eventData } = JSON.parse(data) as { eventType?: unknown; eventData?: unknown };
    if (typeof eventType !== "string") return null;
    // Official scripts send the parameters of some methods as JSON in a string.
    const params: unknown = typeof eventData === "string" && eventData.startsWith("{") ? JSON.parse(eventData) : eventData;
    return { method: eventType, params: typeof params === "object" && params ? (params as Params) : {} };
  } catch {
    return null;
  }
}

/** What a call was answered with at once; an answer that waits for the person is not waited for. */
function settled(answered: Promise<AppEvent[]>): Promise<AppEvent[]> {
  return Promise.race([answered, new Promise<AppEvent[]>((resolve) => setTimeout(() => resolve([]), 250))]);
}
