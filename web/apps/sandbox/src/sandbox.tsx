// The page's connection to the sandbox: loads, listens, and offers what people do.

import { createContext, useCallback, useContext, useEffect, useMemo, useReducer, useRef, useState, type ReactNode, type RefObject } from "react";

import { api } from "./api";
import type { Launch, LaunchRequest } from "./miniapp/types";
import { usePreferences } from "./preferences";
import { change, initial, type State } from "./state";
import type { Bot, Chat, Person, SandboxEvent } from "./types";

export type Page = { url: string; title: string };

type Sandbox = State & {
  person: Person | null;
  reload: () => Promise<void>;
  choosePerson: (id: number) => void;
  chooseChat: (key: string) => void;
  follow: (url: string) => void;
  browser: Page | null;
  setBrowser: (page: Page | null) => void;
  app: { launch: Launch; isMinimized: boolean } | null;
  openApp: (request: LaunchRequest) => void;
  closeApp: () => void;
  minimizeApp: (isMinimized: boolean) => void;
  pulse: (type: string, style: string) => void;
  onPulse: RefObject<((style: string) => void) | null>;
  startPayload: string;
  toast: string;
  say: (text: string) => void;
  attempt: (work: () => Promise<unknown>) => Promise<void>;
};

const Context = createContext<Sandbox | null>(null);

export function SandboxProvider({ children }: { children: ReactNode }) {
  const { language, t } = usePreferences();
  const [state, dispatch] = useReducer(change, initial);
  const [browser, setBrowser] = useState<Page | null>(null);
  const [app, setApp] = useState<Sandbox["app"]>(null);
  const onPulse = useRef<((style: string) => void) | null>(null);
  const pulse = useCallback((type: string, style: string) => onPulse.current?.(style || type), []);
  const [startPayload, setStartPayload] = useState("");
  const [toast, say] = useState("");
  const latest = useRef(state);
  latest.current = state;

  const loadChat = useCallback(async (key: string) => {
    dispatch({ do: "opened", key, history: await api.history(key) });
  }, []);

  const chooseChat = useCallback((key: string) => {
    setStartPayload("");
    if (latest.current.chatKey === key && latest.current.open) return;
    localStorage.setItem("kassa-sandbox-chat", key);
    dispatch({ do: "set", values: { chatKey: key, open: null } });
    loadChat(key).catch(() => dispatch({ do: "set", values: { chatKey: null } }));
  }, [loadChat]);

  const reload = useCallback(async () => {
    let people = await api.people();
    if (people.length === 0) {
      // A first visit shows a working phone, not an empty form.
      await api.createPerson({ first_name: language === "ru" ? "Анна" : "Anna", username: "anna", language_code: language });
      people = await api.people();
    }
    const remembered = latest.current.personId ?? Number(localStorage.getItem("kassa-sandbox-person"));
    const person = people.find((item) => item.id === remembered) ?? people[0]!;
    const [bots, chats, faults, requests] = await Promise.all([api.bots(), api.chats(person.id), api.faults(), api.requests()]);
    const appCalls = await api.appCalls();
    dispatch({ do: "set", values: { status: "ready", people, bots, chats, faults, requests, appCalls, personId: person.id } });
    const key = latest.current.chatKey ?? localStorage.getItem("kassa-sandbox-chat");
    const keys = [...bots.map((bot) => `${bot.id}:${person.id}`), ...chats.map((chat) => chat.key)];
    const chosen = key && keys.includes(key) ? key : keys[0];
    if (chosen && chosen !== latest.current.chatKey) {
      dispatch({ do: "set", values: { chatKey: chosen, open: null } });
    }
    if (chosen) await loadChat(chosen);
  }, [language, loadChat]);

  const choosePerson = useCallback((id: number) => {
    localStorage.setItem("kassa-sandbox-person", String(id));
    setApp(null);
    const bot = latest.current.chatKey?.split(":")[0];
    const key = bot && latest.current.chatKey?.includes(":") ? `${bot}:${id}` : null;
    latest.current = { ...latest.current, personId: id, chatKey: key };
    dispatch({ do: "set", values: { personId: id, chatKey: key, open: null } });
    void reload();
  }, [reload]);

  useEffect(() => {
    reload().catch(() => dispatch({ do: "set", values: { status: "failed" } }));
    // Only once: later loads are asked for by events and by the person.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    const source = new EventSource(api.eventsUrl);
    let wasLost = false;
    source.onopen = () => {
      dispatch({ do: "set", values: { isConnected: true } });
      if (wasLost) void reload().catch(() => undefined);
      wasLost = false;
    };
    source.onerror = () => {
      wasLost = true;
      dispatch({ do: "set", values: { isConnected: false } });
    };
    source.onmessage = (message) => {
      const event = JSON.parse(message.data) as SandboxEvent;
      dispatch({ do: "event", event, now: Date.now() });
      void refresh(event);
    };
    async function refresh(event: SandboxEvent) {
      const { chats, chatKey, personId } = latest.current;
      if (event.type === "bot") dispatch({ do: "set", values: { bots: await api.bots() } });
      if (event.type === "people") dispatch({ do: "set", values: { people: await api.people() } });
      if (event.type === "faults") dispatch({ do: "set", values: { faults: await api.faults() } });
      if (event.type === "payment" && !event.answer.ok && event.chat === chatKey) say(event.answer.error);
      const isNew = event.type === "message" && !chats.some((chat) => chat.key === event.chat);
      if ((isNew || event.type === "chat" || event.type === "members") && personId) {
        dispatch({ do: "set", values: { chats: await api.chats(personId) } });
      }
      if ((event.type === "chat" || event.type === "members") && event.chat === chatKey) await loadChat(event.chat);
      if (event.type === "bot" && !chatKey) await reload();
    }
    return () => source.close();
  }, [reload, loadChat]);

  useEffect(() => {
    if (!toast) return;
    const timer = setTimeout(() => say(""), 3200);
    return () => clearTimeout(timer);
  }, [toast]);

  const typingUntil = state.open?.typingUntil ?? 0;
  useEffect(() => {
    if (!typingUntil) return;
    const timer = setTimeout(() => dispatch({ do: "typing over", now: Date.now() }), typingUntil - Date.now() + 20);
    return () => clearTimeout(timer);
  }, [typingUntil]);

  const attempt = useCallback(async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }, []);

  const openApp = useCallback((request: LaunchRequest) => {
    const { personId } = latest.current;
    if (!personId) return;
    void attempt(async () => {
      const theme = document.documentElement.classList.contains("dark") ? "dark" : "light";
      setApp({ launch: await api.launch(personId, theme, request), isMinimized: false });
    });
  }, [attempt]);
  const closeApp = useCallback(() => setApp(null), []);
  const minimizeApp = useCallback((isMinimized: boolean) => setApp((old) => old && { ...old, isMinimized }), []);

  const follow = useCallback((url: string) => {
    const isTelegram = /^(https?:\/\/)?(t\.me|telegram\.me)\//.test(url) || url.startsWith("tg://resolve");
    const { personId } = latest.current;
    if (!isTelegram || !personId) {
      // Addresses come from messages and from framed pages: nothing but the web may be opened, least of all javascript:.
      if (/^https?:\/\//i.test(url)) setBrowser({ url, title: safeHost(url) });
      else say(url);
      return;
    }
    setBrowser(null);
    void attempt(async () => {
      const link = await api.openLink(personId, url);
      // A link to an app opens it over whatever is there; every other link leads to a chat.
      if (link.outcome === "app") return openApp({ link: url, chat: latest.current.chatKey ?? "" });
      minimizeApp(true);
      if (link.outcome === "no_app") say(t("noApp"));
      if (link.outcome === "invoice" && latest.current.chatKey) {
        await api.pay(latest.current.chatKey, personId, { slug: link.payload });
      } else if (link.chat) {
        chooseChat(link.chat.key);
        setStartPayload(link.payload);
      }
    });
  }, [attempt, chooseChat, minimizeApp, openApp, t]);

  useEffect(() => {
    const listen = (event: MessageEvent) => {
      const data: unknown = event.data;
      if (typeof data === "object" && data && "type" in data && data.type === "kassa-open-url" && "url" in data) follow(String(data.url));
    };
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  }, [follow]);

  const person = state.people.find((item) => item.id === state.personId) ?? null;
  const value = useMemo<Sandbox>(
    () => ({ ...state, person, reload, choosePerson, chooseChat, follow, browser, setBrowser, app, openApp, closeApp, minimizeApp, pulse, onPulse, startPayload, toast, say, attempt }),
    [state, person, reload, choosePerson, chooseChat, follow, browser, app, openApp, closeApp, minimizeApp, pulse, startPayload, toast, attempt],
  );
  return <Context value={value}>{children}</Context>;
}

function safeHost(url: string): string {
  try {
    return new URL(url, location.href).host;
  } catch {
    return url;
  }
}

export function useSandbox(): Sandbox {
  const value = useContext(Context);
  if (!value) throw new Error("SandboxProvider is missing");
  return value;
}

/** The bot on the other side of a private chat. */
export function botOf(bots: Bot[], chat: Chat | null | undefined): Bot | null {
  return bots.find((bot) => bot.id === chat?.bot_id) ?? null;
}
