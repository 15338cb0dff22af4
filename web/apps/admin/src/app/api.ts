import { ApiError, createApi, Session } from "@kassa/api";
import { QueryClient } from "@tanstack/react-query";

export const session = new Session("kassa-admin-session");
export const api = createApi(session);

/** Answers are kept for a moment and looked at again when the window comes back. A refusal is final; a failure is tried again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.isTemporary),
      retryDelay: (count) => 800 * 2 ** count,
    },
    mutations: { retry: false },
  },
});

/** A new key for something that must not happen twice. (`crypto.randomUUID` is missing on plain http addresses.) */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
