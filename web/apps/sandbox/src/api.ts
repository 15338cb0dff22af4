// Calls of the control API; every error becomes a readable Error.

import type { Launch, LaunchRequest, Params, AppEvent } from "./miniapp/types";
import type { Answer, AppCall, Bot, Chat, Draft, Fault, Message, Person, ReplyMarkup, RequestEntry } from "./types";

const BASE = "/sandbox/api";

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const isForm = body instanceof FormData;
  const response = await fetch(BASE + path, {
    method,
    headers: body && !isForm ? { "Content-Type": "application/json" } : undefined,
    body: isForm ? body : body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) {
    const parsed = await response.json().catch(() => ({}));
    throw new Error(typeof parsed.detail === "string" ? parsed.detail : `HTTP ${response.status}`);
  }
  return response.json() as Promise<T>;
}

export type History = {
  chat: Chat; messages: Message[]; has_older: boolean; draft: Draft | null; keyboard: ReplyMarkup | null;
};

export const api = {
  people: () => ask<Person[]>("GET", "/people"),
  createPerson: (body: { first_name: string; language_code: string; username?: string }) => ask<Person>("POST", "/people", body),
  bots: () => ask<Bot[]>("GET", "/bots"),
  createBot: (body: { name: string; username: string; token?: string }) => ask<Bot>("POST", "/bots", body),
  chats: (person: number) => ask<Chat[]>("GET", `/chats?person=${person}`),
  createGroup: (body: { title: string; owner: number; type: string; people: number[]; bots: number[]; bots_are_administrators: boolean }) =>
    ask<Chat>("POST", "/groups", body),
  migrate: (key: string) => ask<Chat>("POST", `/groups/${key}/migrate`),
  history: (key: string) => ask<History>("GET", `/chats/${key}/messages`),
  say: (key: string, person: number, text: string, reply_to = 0) => ask<Message>("POST", `/chats/${key}/messages`, { person, text, reply_to }),
  press: (key: string, person: number, message_id: number, data: string) =>
    ask<{ query: string }>("POST", `/chats/${key}/press`, { person, message_id, data }),
  stop: (key: string, draft_id: number) => ask<{ stopped: boolean }>("POST", `/chats/${key}/stop`, { draft_id }),
  pay: (key: string, person: number, invoice: { message_id?: number; slug?: string }) =>
    ask<{ query: string }>("POST", `/chats/${key}/pay`, { person, ...invoice }),
  react: (key: string, person: number, message_id: number, emoji: string) =>
    ask<unknown>("POST", `/chats/${key}/reactions`, { person, message_id, emoji }),
  block: (bot: number, person: number, isBlocked: boolean) =>
    ask<Chat>("POST", `/bots/${bot}/${isBlocked ? "block" : "unblock"}`, { person }),
  openLink: (person: number, url: string) =>
    ask<{ chat: Chat | null; outcome: string; payload: string }>("POST", "/deep-links", { person, url, press: false }),
  changeBot: (bot: number, body: { main_app: string }) => ask<Bot>("PATCH", `/bots/${bot}`, body),
  launch: (person: number, theme: "light" | "dark", request: LaunchRequest) => ask<Launch>("POST", "/mini-apps/launches", { person, theme, ...request }),
  noteCall: (launch: string, method: string, params: Params, answers: AppEvent[]) =>
    ask<AppCall>("POST", `/mini-apps/launches/${launch}/calls`, { method, params, answers }),
  customMethod: (launch: string, method: string, params: Params) =>
    ask<{ result?: unknown; error?: string }>("POST", `/mini-apps/launches/${launch}/custom-methods`, { method, params }),
  allowWriting: (launch: string) => ask<unknown>("POST", `/mini-apps/launches/${launch}/write-access`, {}),
  sendAppData: (launch: string, data: string) => ask<unknown>("POST", `/mini-apps/launches/${launch}/data`, { data }),
  appCalls: () => ask<AppCall[]>("GET", "/mini-apps/calls?limit=150"),
  invoice: (slug: string) => ask<{ title: string; description: string; amount: number }>("GET", `/invoices/${encodeURIComponent(slug)}`),
  answerOf: (query: string) => ask<{ answer: Answer | { ok: boolean; error: string } | null }>("GET", `/queries/${query}`),
  faults: () => ask<Fault[]>("GET", "/faults"),
  addFault: (body: { target: string; kind: string; times: number | null; options: Record<string, unknown> }) => ask<Fault>("POST", "/faults", body),
  removeFault: (id: number) => ask<unknown>("DELETE", `/faults/${id}`),
  requests: () => ask<RequestEntry[]>("GET", "/requests?limit=150"),
  clearRequests: () => ask<unknown>("DELETE", "/requests"),
  fileUrl: (file_id: string) => `${BASE}/files/${file_id}`,
  eventsUrl: `${BASE}/events`,
  attach: (key: string, person: number, file: File, caption: string) => {
    const form = new FormData();
    form.set("person", String(person));
    form.set("kind", kindOf(file));
    form.set("caption", caption);
    form.set("file", file);
    return ask<Message>("POST", `/chats/${key}/files`, form);
  },
};

function kindOf(file: File): string {
  if (file.type === "image/png" || file.type === "image/jpeg" || file.type === "image/webp") return "photo";
  if (file.type === "audio/ogg") return "voice";
  if (file.type.startsWith("audio/")) return "audio";
  return file.type.startsWith("video/") ? "video" : "document";
}
