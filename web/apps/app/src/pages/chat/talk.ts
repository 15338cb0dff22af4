/** The one conversation of the app. It lives while somebody is signed in: an answer comes also when another screen is shown. */
import { Conversation, type Attachment, type Backend, type Chat, type Message, type Outbox, type Page, type Unsent } from "@kassa/chat";
import { data } from "@kassa/api";
import { useEffect, useSyncExternalStore } from "react";
import { refreshAccount } from "../../app/account";
import { currentLocale } from "../../app/i18n";
import { haptic, launch } from "../../app/telegram";
import { api, bot, queries, session } from "../../app/session";
import { toast } from "../../ui/toast";

const AWAY_AFTER_MS = 1500;
const LOOK_AGAIN_MS = 400;
const PAGE = 30;
const UNSENT = `kassa-unsent:${bot ?? ""}:${launch?.person ?? ""}:`;

const backend: Backend = {
  get isKnown() {
    return session.isSignedIn;
  },
  socketUrl: `${location.origin.replace(/^http/, "ws")}/api/v1/ws`,
  enter: () => Promise.reject(new Error("nobody is signed in")),
  async token(again) {
    // Any request renews a token that the server no longer takes.
    if (again) await api.GET("/api/v1/auth/me");
    return session.token();
  },
  chat: () => data(api.GET("/api/v1/chat", { params: { query: { bot, language: currentLocale() } } })) as Promise<Chat>,
  history: (before) =>
    data(api.GET("/api/v1/chat/messages", { params: { query: { bot, before: before ? Number(before) : undefined, limit: PAGE } } })) as unknown as Promise<Page>,
};

/** Each message under a key of its own, so that two windows do not write over one another. */
const outbox: Outbox = {
  all: () =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(UNSENT))
      .map((key) => JSON.parse(localStorage.getItem(key)!) as Unsent)
      .sort((one, other) => one.at.localeCompare(other.at)),
  keep: (unsent) => localStorage.setItem(UNSENT + unsent.id, JSON.stringify(unsent)),
  forget: (id) => localStorage.removeItem(UNSENT + id),
};

interface Talk {
  conversation: Conversation;
  /** Why there is nothing to show, when loading failed. */
  problem: unknown;
  isLoaded: boolean;
  isAway: boolean;
  load(): void;
}

let talk: Talk | null = null;
let version = 0;
let away: ReturnType<typeof setTimeout> | undefined;
let looking: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function tell(): void {
  version++;
  for (const listener of listeners) listener();
}

function begin(): Talk {
  const conversation = new Conversation(
    backend,
    {
      changed: tell,
      toast: (text) => toast(text),
      state: (isAway) => {
        clearTimeout(away);
        // A short gap is nobody's concern.
        if (isAway) away = setTimeout(() => ((made.isAway = true), tell()), AWAY_AFTER_MS);
        else if (made.isAway) (made.isAway = false), tell();
      },
      answered: () => {
        haptic("light");
        // What the bot says follows on what it has done: tokens, the dialog, the model.
        clearTimeout(looking);
        looking = setTimeout(() => {
          void refreshAccount();
          void queries.invalidateQueries({ queryKey: ["dialogs"] });
        }, LOOK_AGAIN_MS);
      },
    },
    outbox,
  );
  const made: Talk = {
    conversation, problem: null, isLoaded: false, isAway: false,
    load() {
      made.problem = null;
      conversation.load().then(
        () => (made.isLoaded = true),
        (error: unknown) => (made.problem = error),
      ).finally(tell);
    },
  };
  made.load();
  return made;
}

session.subscribe(() => {
  if (session.isSignedIn || !talk) return;
  talk.conversation.close();
  talk = null;
  for (const { id } of outbox.all()) outbox.forget(id);
});

/** The conversation as it is now. */
export function useTalk(): Talk {
  useSyncExternalStore(subscribe, () => version);
  const current = (talk ??= begin());
  useEffect(() => {
    if (current.problem) current.load();
  }, []);
  return current;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export type { Attachment, Message, Unsent };
