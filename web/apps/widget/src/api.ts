/** REST: who the visitor is, and what was said before. */
import { inTurn } from "@kassa/api/turns";
import type { Backend, Chat, Page } from "@kassa/chat";
import { newId } from "@kassa/live";

/** `attempt`: a renewal is under way; should its answer be lost, it is asked for again by the same name. */
type Tokens = { access_token: string; refresh_token: string; expires_at: number; attempt?: string };

export class Failed extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

/** Where the page keeps its session; a browser that keeps nothing still has one until the page is left. */
function keeper(name: string) {
  let here: string | null = null;
  return {
    read: (): Tokens | null => {
      try {
        here = localStorage.getItem(name) ?? here;
      } catch {}
      return here ? (JSON.parse(here) as Tokens) : null;
    },
    write: (tokens: Tokens | null) => {
      here = tokens && JSON.stringify(tokens);
      try {
        if (here) localStorage.setItem(name, here);
        else localStorage.removeItem(name);
      } catch {}
    },
  };
}

export class Api implements Backend {
  private name: string;
  private kept: ReturnType<typeof keeper>;

  constructor(private base: string, private bot: string | null, private organization: string | null, private language: string) {
    this.name = `kassa-chat:${base}:${organization ?? ""}`;
    this.kept = keeper(this.name);
  }

  get isKnown(): boolean {
    return this.kept.read() !== null;
  }

  get socketUrl(): string {
    return this.base.replace(/^http/, "ws") + "/api/v1/ws";
  }

  /** Become a customer, with the first word and not with the first look. */
  enter(): Promise<void> {
    return inTurn(this.name, () => !this.isKnown, async () => {
      if (this.isKnown) return;
      const { bot, organization, language } = this;
      this.keep(await this.call("POST", "/auth/guest", { bot, organization, language }));
    });
  }

  /** A token that works; nothing when the session is over. */
  async token(again = false): Promise<string | null> {
    const before = this.kept.read();
    if (!before || (!again && before.expires_at > Date.now() + 30_000)) return before?.access_token ?? null;
    const isStale = () => this.kept.read()?.access_token === before.access_token;
    await inTurn(this.name, isStale, async () => {
      const tokens = this.kept.read();
      if (tokens?.access_token !== before.access_token) return; // a refresh token works once, and another tab has used it
      const attempt = tokens.attempt ?? newId();
      this.kept.write({ ...tokens, attempt });
      try {
        this.keep(await this.call("POST", "/auth/refresh", { refresh_token: tokens.refresh_token, attempt }));
      } catch (error) {
        if (!(error instanceof Failed) || error.status !== 401) throw error;
        this.kept.write(null);
      }
    });
    return this.kept.read()?.access_token ?? null;
  }

  chat(): Promise<Chat> {
    return this.get("/chat", { language: this.language, organization: this.organization });
  }

  history(before?: string | null): Promise<Page> {
    return this.get("/chat/messages", { before: before ?? null, limit: "30" });
  }

  private async get<T>(path: string, query: Record<string, string | null>): Promise<T> {
    const words = Object.entries({ ...query, bot: this.bot }).filter((entry): entry is [string, string] => !!entry[1]);
    return this.call("GET", `${path}?${new URLSearchParams(words)}`, undefined, this.isKnown ? await this.token() : null);
  }

  private async call<T>(method: string, path: string, body?: object, token?: string | null): Promise<T> {
    const answer = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: { ...(body && { "Content-Type": "application/json" }), ...(token && { Authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
    });
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Failed(answer.status, found.code ?? "", found.message ?? "");
    return found as T;
  }

  private keep(tokens: { access_token: string; refresh_token: string; expires_in: number }): void {
    this.kept.write({ ...tokens, expires_at: Date.now() + tokens.expires_in * 1000 });
  }
}
