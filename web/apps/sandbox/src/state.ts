// What the page knows, and how events change it. Pure: no network here.

import type { History } from "./api";
import type { Answer, AppCall, Bot, Chat, Draft, Fault, Message, Person, ReplyMarkup, RequestEntry, SandboxEvent } from "./types";

export type Open = {
  chat: Chat; messages: Message[]; draft: Draft | null; keyboard: ReplyMarkup | null; typingUntil: number;
};

export type State = {
  status: "loading" | "ready" | "failed";
  isConnected: boolean;
  people: Person[]; bots: Bot[]; chats: Chat[]; faults: Fault[]; requests: RequestEntry[]; appCalls: AppCall[];
  personId: number | null; chatKey: string | null; open: Open | null;
  answers: Record<string, Answer>;
};

export const initial: State = {
  status: "loading", isConnected: true, people: [], bots: [], chats: [], faults: [], requests: [], appCalls: [],
  personId: null, chatKey: null, open: null, answers: {},
};

export type Change =
  | { do: "set"; values: Partial<State> }
  | { do: "opened"; key: string; history: History }
  | { do: "event"; event: SandboxEvent; now: number }
  | { do: "typing over"; now: number };

const REQUESTS_SHOWN = 150;
const TYPING_MS = 5500;

export function change(state: State, step: Change): State {
  switch (step.do) {
    case "set":
      return { ...state, ...step.values };
    case "opened":
      if (state.chatKey !== step.key) return state;
      return { ...state, open: { ...step.history, typingUntil: 0 } };
    case "typing over":
      return state.open && state.open.typingUntil <= step.now ? { ...state, open: { ...state.open, typingUntil: 0 } } : state;
    case "event":
      return apply(state, step.event, step.now);
  }
}

function apply(state: State, event: SandboxEvent, now: number): State {
  if (event.type === "request") return { ...state, requests: [...state.requests, event.request].slice(-REQUESTS_SHOWN) };
  if (event.type === "app_call") return { ...state, appCalls: [...state.appCalls, event.call].slice(-REQUESTS_SHOWN) };
  if (event.type === "callback_answer") return { ...state, answers: { ...state.answers, [event.query]: event.answer } };
  const isOpen = "chat" in event && state.open !== null && event.chat === state.chatKey;
  const next = event.type === "message" ? { ...state, chats: withLast(state.chats, event.chat, event.message) } : state;
  return isOpen && state.open ? { ...next, open: inChat(state.open, event, now) } : next;
}

function withLast(chats: Chat[], key: string, message: Message): Chat[] {
  return chats.map((chat) => (chat.key === key ? { ...chat, last_message: message, is_empty: false } : chat));
}

function inChat(open: Open, event: SandboxEvent, now: number): Open {
  switch (event.type) {
    case "message": {
      const isBot = event.message.from?.is_bot ?? false;
      const known = open.messages.some((message) => message.message_id === event.message.message_id);
      return {
        ...open,
        messages: known ? open.messages : [...open.messages, event.message],
        keyboard: event.keyboard,
        draft: isBot ? null : open.draft,
        typingUntil: isBot ? 0 : open.typingUntil,
      };
    }
    case "edit":
      return { ...open, messages: open.messages.map((old) => (old.message_id === event.message.message_id ? event.message : old)) };
    case "delete":
      return { ...open, keyboard: event.keyboard, messages: open.messages.filter((old) => !event.message_ids.includes(old.message_id)) };
    case "draft":
      return { ...open, draft: event.draft, typingUntil: 0 };
    case "action":
      return { ...open, typingUntil: now + TYPING_MS };
    case "reaction":
      return { ...open, messages: open.messages.map((old) => (old.message_id === event.message_id ? reacted(old, event) : old)) };
    default:
      return open;
  }
}

function reacted(message: Message, event: Extract<SandboxEvent, { type: "reaction" }>): Message {
  const { [String(event.by)]: _old, ...others } = message.reactions ?? {};
  const emoji = event.reaction[0]?.emoji;
  return { ...message, reactions: emoji ? { ...others, [String(event.by)]: emoji } : others };
}
