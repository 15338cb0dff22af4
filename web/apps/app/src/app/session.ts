/** Who is signed in, and the typed client that speaks for them. */
import { ApiError, createApi, Session } from "@kassa/api";
import { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { launch } from "./telegram";

/** Accounts of one Telegram client share a storage: each has a session of its own. */
export const session = new Session(launch ? `kassa-app-session:${launch.bot}:${launch.person}` : "kassa-app-session");
export const api = createApi(session);

/** Answers are kept for a moment and looked at again when the app comes back. A refusal is final; a failure is tried again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || (error.isTemporary && error.status !== 429)),
      retryDelay: (count) => 800 * 2 ** count,
    },
    mutations: { retry: false },
  },
});

/** The bot whose texts, plans and models the app has: the one whose Mini App it is. The organization's site elsewhere. */
export const bot: string | undefined = launch?.bot || undefined;

/** Sign in by what Telegram says. */
export const signInByTelegram = (): Promise<void> =>
  session.signIn({ init_data: launch!.initData, bot_id: launch!.bot }, "/api/v1/auth/telegram");

export function useIsSignedIn(): boolean {
  return useSyncExternalStore(session.subscribe, () => session.isSignedIn);
}

export async function signOut(): Promise<void> {
  await session.signOut();
  queries.clear();
}

/** A new key for something that must not happen twice. (`crypto.randomUUID` is missing on plain http addresses.) */
export { newId as newKey } from "@kassa/live/id";
