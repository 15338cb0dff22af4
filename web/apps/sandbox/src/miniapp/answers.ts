// What Telegram answers to methods that need nobody: storages, and things that a phone in a browser does not have.

import { api } from "../api";
import type { AppEvent, Launch, Params } from "./types";

const UNSUPPORTED = { error: "UNSUPPORTED" };
const NOT_HERE: Record<string, AppEvent> = {
  web_app_biometry_get_info: { eventType: "biometry_info_received", eventData: { available: false } },
  web_app_biometry_request_access: { eventType: "biometry_info_received", eventData: { available: false } },
  web_app_biometry_request_auth: { eventType: "biometry_auth_requested", eventData: { status: "failed" } },
  web_app_biometry_update_token: { eventType: "biometry_token_updated", eventData: { status: "failed" } },
  web_app_check_location: { eventType: "location_checked", eventData: { available: false } },
  web_app_request_location: { eventType: "location_requested", eventData: { available: false } },
  web_app_start_accelerometer: { eventType: "accelerometer_failed", eventData: UNSUPPORTED },
  web_app_start_gyroscope: { eventType: "gyroscope_failed", eventData: UNSUPPORTED },
  web_app_start_device_orientation: { eventType: "device_orientation_failed", eventData: UNSUPPORTED },
  web_app_request_fullscreen: { eventType: "fullscreen_failed", eventData: UNSUPPORTED },
  web_app_check_home_screen: { eventType: "home_screen_checked", eventData: { status: "unsupported" } },
  web_app_add_to_home_screen: { eventType: "home_screen_failed" },
  web_app_request_emoji_status_access: { eventType: "emoji_status_access_requested", eventData: { status: "cancelled" } },
  web_app_set_emoji_status: { eventType: "emoji_status_failed", eventData: UNSUPPORTED },
  web_app_send_prepared_message: { eventType: "prepared_message_failed", eventData: { error: "MESSAGE_EXPIRED" } },
  web_app_open_scan_qr_popup: { eventType: "scan_qr_popup_closed" },
  // People of the sandbox have no numbers to give.
  web_app_request_phone: { eventType: "phone_requested", eventData: { status: "cancelled" } },
};

/** The event that answers a method; null when there is none. */
export async function answerTo(launch: Launch, owner: string, method: string, params: Params): Promise<AppEvent | null> {
  if (method in NOT_HERE) return NOT_HERE[method]!;
  const req_id = String(params.req_id ?? "");
  if (method === "web_app_read_text_from_clipboard") {
    // Telegram gives the clipboard to apps of the attachment menu only; there is no such menu here.
    return { eventType: "clipboard_text_received", eventData: { req_id, data: null } };
  }
  if (method === "web_app_invoke_custom_method") {
    const answer = await api.customMethod(launch.id, String(params.method), (params.params ?? {}) as Params);
    return { eventType: "custom_method_invoked", eventData: { req_id, ...answer } };
  }
  const [, kind, action] = /^web_app_(device|secure)_storage_(save_key|get_key|clear|restore_key)$/.exec(method) ?? [];
  return kind && action ? onDevice(`kassa-sandbox-${kind}-storage/${owner}/`, kind, action, req_id, params) : null;
}

/** DeviceStorage and SecureStorage: this browser is the device. */
function onDevice(prefix: string, kind: string, action: string, req_id: string, params: Params): AppEvent {
  const event = (name: string, facts: object = {}): AppEvent => ({ eventType: `${kind}_storage_${name}`, eventData: { req_id, ...facts } });
  const { key, value } = params;
  if (action === "clear") {
    for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name);
    return event("cleared");
  }
  if (typeof key !== "string" || !key) return event("failed", { error: "KEY_INVALID" });
  if (action === "get_key") return event("key_received", { value: localStorage.getItem(prefix + key) });
  if (action === "restore_key") return event("failed", { error: "RESTORE_UNAVAILABLE" });
  if (value === null) localStorage.removeItem(prefix + key);
  else if (typeof value === "string") localStorage.setItem(prefix + key, value);
  else return event("failed", { error: "VALUE_INVALID" });
  return event("key_saved");
}
