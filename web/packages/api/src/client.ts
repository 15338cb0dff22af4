import createClient, { type Client } from "openapi-fetch";
import { errorOf } from "./errors";
import type { Paths } from "./paths";
import type { Session } from "./session";

export type Api = Client<Paths>;

/** The typed client. Whatever is not a success is thrown as ApiError. */
export function createApi(session: Session, base = location.origin): Api {
  const api = createClient<Paths>({ baseUrl: base, fetch: session.fetch });
  api.use({
    async onResponse({ response }) {
      if (!response.ok) throw await errorOf(response);
    },
  });
  return api;
}

/** The answer itself: what is not a success was thrown. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
