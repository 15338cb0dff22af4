import { newId } from "@kassa/live/id";
import { ApiError, errorOf } from "./errors";
import { inTurn } from "./turns";

interface Tokens {
  access: string;
  refresh: string;
  /** When the access token ends, by this machine's clock. */
  endsAt: number;
  /** A renewal is under way. Should its answer be lost, it is asked for again by the same name. */
  attempt?: string;
}

interface TokensAnswer {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

/** Renewed before it ends, so that no request waits for a refusal first. */
const EARLY_MS = 30_000;

/**
 * Who is signed in, in every tab of the browser. A refresh token works once: tabs take turns, and whoever comes second
 * finds what the first was given.
 */
export class Session {
  private readonly listeners = new Set<() => void>();
  private renewal: Promise<string | null> | null = null;

  constructor(private readonly key: string, private readonly base = "") {
    addEventListener("storage", (event) => event.key === key && this.notify());
  }

  get isSignedIn(): boolean {
    return this.read() !== null;
  }

  /** Calls back after a sign-in or a sign-out, here or in another tab. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Signs in, at any address that answers with tokens; throws ApiError, `identity.totp_required` when a code is wanted too. */
  async signIn(credentials: Record<string, unknown>, path = "/api/v1/auth/login"): Promise<void> {
    this.write(await this.ask(path, credentials));
    this.notify();
  }

  /** Ends the session here and on the server; without a connection at least here. */
  async signOut(): Promise<void> {
    const tokens = this.read();
    this.clear();
    if (tokens) {
      const headers = { Authorization: `Bearer ${tokens.access}` };
      await fetch(`${this.base}/api/v1/auth/logout`, { method: "POST", headers, keepalive: true }).catch(() => undefined);
    }
  }

  /** A request as whoever is signed in; a token that has ended is renewed once. */
  fetch = async (request: Request): Promise<Response> => {
    const again = request.clone();
    const token = await this.token();
    const response = await send(request, token);
    if (response.status !== 401 || token === null) return response;
    const renewed = await this.renew(token);
    return renewed === null ? response : send(again, renewed);
  };

  /** An access token that works now: for sockets and downloads, which send no header of ours. */
  async token(): Promise<string | null> {
    const tokens = this.read();
    if (tokens === null) return null;
    return tokens.endsAt - EARLY_MS > Date.now() ? tokens.access : await this.renew(tokens.access);
  }

  private renew(stale: string): Promise<string | null> {
    const isStale = () => this.read()?.access === stale;
    this.renewal ??= inTurn(`${this.key}-renewal`, isStale, () => this.exchange(stale))
      .then(() => this.read()?.access ?? null)
      .finally(() => (this.renewal = null));
    return this.renewal;
  }

  private async exchange(stale: string): Promise<void> {
    const tokens = this.read();
    if (tokens === null || tokens.access !== stale) return; // another tab was first
    const attempt = tokens.attempt ?? newId();
    this.keep({ ...tokens, attempt });
    try {
      this.write(await this.ask("/api/v1/auth/refresh", { refresh_token: tokens.refresh, attempt }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.isTemporary) throw error;
      this.clear();
    }
  }

  private async ask(path: string, body: unknown): Promise<TokensAnswer> {
    const headers = { "Content-Type": "application/json" };
    const response = await reach(new Request(this.base + path, { method: "POST", headers, body: JSON.stringify(body) }));
    if (!response.ok) throw await errorOf(response);
    return (await response.json()) as TokensAnswer;
  }

  private read(): Tokens | null {
    const kept = localStorage.getItem(this.key);
    return kept ? (JSON.parse(kept) as Tokens) : null;
  }

  private write(given: TokensAnswer): void {
    this.keep({ access: given.access_token, refresh: given.refresh_token, endsAt: Date.now() + given.expires_in * 1000 });
  }

  private keep(tokens: Tokens): void {
    localStorage.setItem(this.key, JSON.stringify(tokens));
  }

  private clear(): void {
    localStorage.removeItem(this.key);
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

function send(request: Request, token: string | null): Promise<Response> {
  if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
  return reach(request);
}

/** A request that finds nobody is an error like any other. */
async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "service.unreachable", "No connection");
  }
}
