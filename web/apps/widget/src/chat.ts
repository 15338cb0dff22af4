/** The conversation: what was said, what is being written, what is on its way. Knows nothing of elements. */
import { type Event, Live, newId, type State } from "@kassa/live";
import { Api, type Button, type Chat, type Message } from "./api";

export type Draft = { draft_id: number; text: string };
export type Unsent = { id: string; text: string; hasFailed: boolean };

export type Watcher = {
  changed(): void;
  toast(text: string): void;
  state(isAway: boolean): void;
};

export class Conversation {
  messages: Message[] = [];
  unsent: Unsent[] = [];
  draft: Draft | null = null;
  isTyping = false;
  about: Chat | null = null;
  older: string | null = null;
  hasEnded = false;
  private live: Live | null = null;
  private joining: Promise<void> | null = null;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(private api: Api, private watcher: Watcher) {}

  /** What there is to show: the conversation so far, or a greeting. */
  async load(): Promise<void> {
    if (this.api.isKnown && (await this.api.token()) !== null) await this.join();
    else this.about = await this.api.chat();
    this.watcher.changed();
  }

  async loadOlder(): Promise<void> {
    const page = await this.api.history(this.older);
    this.older = page.next_cursor;
    this.merge(page.items);
  }

  async say(text: string, again?: Unsent): Promise<void> {
    const unsent = again ?? { id: newId(), text, hasFailed: false };
    unsent.hasFailed = false;
    if (!again) this.unsent.push(unsent);
    this.watcher.changed();
    try {
      await this.post({ kind: "message", text }, unsent.id);
    } catch {
      unsent.hasFailed = true;
      this.watcher.changed();
    }
  }

  async press(button: Button, message?: Message): Promise<void> {
    await this.post({ kind: "press", action: button.action, message_id: message?.id ?? null });
  }

  async stop(): Promise<void> {
    if (this.draft) await this.post({ kind: "stop", draft_id: this.draft.draft_id }, `stop-${this.draft.draft_id}`);
  }

  private async post(payload: Record<string, unknown>, id?: string): Promise<void> {
    await this.join();
    await this.live!.post(this.about!.stream!, payload, id);
  }

  /** Sign in if need be, read what was said, and follow what happens from there. */
  private join(): Promise<void> {
    return (this.joining ??= this.enter().catch((error) => {
      this.joining = null;
      throw error;
    }));
  }

  private async enter(): Promise<void> {
    if (!this.api.isKnown) await this.api.enter();
    this.hasEnded = false;
    this.about = await this.api.chat();
    const position = await this.reload();
    this.live?.close();
    this.live = new Live({
      url: this.api.socketUrl,
      token: (again) => this.api.token(again),
      state: (state) => this.connection(state),
    });
    this.live.follow(this.about.stream!, {
      after: position,
      event: (event) => this.hear(event),
      lost: () => void this.reload().catch(() => undefined),
    });
    this.live.open();
  }

  private async reload(): Promise<number> {
    const page = await this.api.history();
    this.messages = [];
    this.older = page.next_cursor;
    this.merge(page.items);
    return page.position;
  }

  private hear(event: Event): void {
    if (event.kind === "message" || event.kind === "edit") {
      const message = event.payload as unknown as Message;
      if (message.author === "bot") {
        this.draft = null;
        this.isTyping = false;
      }
      this.merge([message]);
    } else if (event.kind === "draft") {
      this.draft = event.payload as Draft;
      this.watcher.changed();
    } else if (event.kind === "toast") {
      this.watcher.toast(String(event.payload.text));
    } else if (event.kind === "typing" && !event.payload.by) {
      this.isTyping = true;
      clearTimeout(this.typingEnds);
      this.typingEnds = setTimeout(() => {
        this.isTyping = false;
        this.watcher.changed();
      }, 6000);
      this.watcher.changed();
    }
  }

  private merge(found: Message[]): void {
    const known = new Map(this.messages.map((message) => [message.id, message]));
    for (const message of found) known.set(message.id, message);
    this.messages = [...known.values()].sort((one, other) => one.id - other.id);
    const sent = new Set(found.map((message) => message.client_id));
    this.unsent = this.unsent.filter((message) => !sent.has(message.id));
    this.watcher.changed();
  }

  private connection(state: State): void {
    this.watcher.state(state === "waiting" || state === "connecting");
    if (state !== "closed" || this.api.isKnown) return;
    // The session is over: the next word begins a new conversation.
    this.hasEnded = true;
    this.joining = null;
    this.messages = [];
    this.watcher.changed();
  }
}
