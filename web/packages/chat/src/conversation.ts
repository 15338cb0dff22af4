/** What was said, what is being written, what is on its way. Knows nothing of elements. */
import { type Event, type Json, Live, newId, Refused, type State } from "@kassa/live";
import type { Attachment, Backend, Button, Chat, Draft, Message, Outbox, Unsent, Watcher } from "./types";

const TYPING_MS = 6000;
const AGAIN_MS = 1000;

export class Conversation {
  messages: Message[] = [];
  unsent: Unsent[] = [];
  draft: Draft | null = null;
  isTyping = false;
  about: Chat | null = null;
  /** Where earlier messages go on; nothing: this is the first one. */
  older: string | null = null;
  hasEnded = false;
  private live: Live | null = null;
  private joining: Promise<void> | null = null;
  /** What came while the state is being read; whoever reads next begins a list of their own. */
  private heard: Message[] | null = null;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(private backend: Backend, private watcher: Watcher, private outbox?: Outbox) {}

  /** What there is to show: the conversation so far, or a greeting. What an earlier page did not get out is sent now. */
  async load(): Promise<void> {
    if (this.backend.isKnown && (await this.backend.token()) !== null) await this.join();
    else this.about = await this.backend.chat();
    this.watcher.changed();
    for (const kept of this.outbox?.all() ?? []) if (!this.unsent.some(({ id }) => id === kept.id)) void this.deliver(kept);
  }

  async loadOlder(): Promise<void> {
    const from = this.older;
    const page = await this.backend.history(from);
    if (this.older !== from) return; // all was read anew meanwhile: this page is not what comes before it
    this.older = page.next_cursor;
    this.merge(page.items);
  }

  say(text: string, attachments: Attachment[] = []): Promise<void> {
    return this.deliver({ id: newId(), text, attachments, at: new Date().toISOString(), failure: null });
  }

  /** Once more what has failed; under the same id it is said once, whatever became of the first attempt. */
  retry(unsent: Unsent): Promise<void> {
    return this.deliver({ ...unsent, failure: null });
  }

  /** Take back what has failed. */
  drop(unsent: Unsent): void {
    this.unsent = this.unsent.filter(({ id }) => id !== unsent.id);
    this.outbox?.forget(unsent.id);
    this.watcher.changed();
  }

  async press(button: Button, message?: Message): Promise<void> {
    await this.post({ kind: "press", action: button.action, message_id: message?.id ?? null });
  }

  async stop(): Promise<void> {
    if (this.draft) await this.post({ kind: "stop", draft_id: this.draft.draft_id }, `stop-${this.draft.draft_id}`);
  }

  /** Follow no more: the page shows something else now. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.typingEnds);
    this.live?.close();
  }

  private async deliver(unsent: Unsent): Promise<void> {
    this.put(unsent);
    try {
      const { message } = await this.post({ kind: "message", text: unsent.text, attachments: unsent.attachments.map(({ id }) => id) }, unsent.id);
      if (message) this.take(message as Message);
      else this.drop(unsent); // it was said before, and erased since
    } catch (error) {
      // The message may have come all the same; then it is no longer among the unsent.
      if (this.unsent.some(({ id }) => id === unsent.id)) this.put({ ...unsent, failure: error instanceof Refused ? error.code : "unreachable" });
    }
  }

  private put(unsent: Unsent): void {
    const isKnown = this.unsent.some(({ id }) => id === unsent.id);
    this.unsent = isKnown ? this.unsent.map((one) => (one.id === unsent.id ? unsent : one)) : [...this.unsent, unsent];
    this.outbox?.keep(unsent);
    this.watcher.changed();
  }

  private async post(payload: Record<string, unknown>, id?: string): Promise<Json> {
    await this.join();
    return this.live!.post(this.about!.stream!, payload, id);
  }

  /** Sign in if need be, read what was said, and follow what happens from there. */
  private join(): Promise<void> {
    return (this.joining ??= this.enter().catch((error) => {
      this.joining = null;
      throw error;
    }));
  }

  private async enter(): Promise<void> {
    if (!this.backend.isKnown) await this.backend.enter();
    this.hasEnded = false;
    this.about = await this.backend.chat();
    const position = await this.reload();
    this.live?.close();
    if (this.isClosed) return;
    this.live = new Live({
      url: this.backend.socketUrl,
      token: (again) => this.backend.token(again),
      state: (state) => this.connection(state),
    });
    this.live.follow(this.about.stream!, {
      after: position,
      event: (event) => this.hear(event),
      lost: () => void this.readAnew(),
    });
    this.live.open();
  }

  private async reload(): Promise<number> {
    const heard: Message[] = (this.heard = []);
    const page = await this.backend.history();
    if (this.heard !== heard) return page.position; // it is being read again, with what came since
    this.heard = null;
    this.messages = [];
    this.draft = null;
    this.older = page.next_cursor;
    this.merge(page.items);
    for (const message of heard) this.take(message);
    return page.position;
  }

  /** After a gap that is not kept: until it is read, what happened in it would be missing without a sign. */
  private async readAnew(): Promise<void> {
    try {
      await this.reload();
    } catch {
      setTimeout(() => this.isClosed || this.hasEnded || void this.readAnew(), AGAIN_MS);
    }
  }

  private hear(event: Event): void {
    if (event.kind === "message" || event.kind === "edit") {
      const message = event.payload as unknown as Message;
      if (message.author === "bot") {
        this.draft = null;
        this.isTyping = false;
      }
      this.heard?.push(message);
      this.take(message);
      if (message.author === "bot") this.watcher.answered?.(message);
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
      }, TYPING_MS);
      this.watcher.changed();
    }
  }

  /** One message as it is now. What lies before all that is shown comes when that is asked for, in its place. */
  private take(message: Message): void {
    const isEarlier = this.older !== null && message.id < (this.messages[0]?.id ?? 0);
    if (isEarlier) this.settle([message]);
    else this.merge([message]);
  }

  private merge(found: Message[]): void {
    const known = new Map(this.messages.map((message) => [message.id, message]));
    for (const message of found) known.set(message.id, message);
    this.messages = [...known.values()].sort((one, other) => one.id - other.id);
    this.settle(found);
  }

  /** What is among these is on its way no more. */
  private settle(found: Message[]): void {
    const sent = new Set(found.map((message) => message.client_id));
    for (const { id } of this.unsent) if (sent.has(id)) this.outbox?.forget(id);
    this.unsent = this.unsent.filter((message) => !sent.has(message.id));
    this.watcher.changed();
  }

  private connection(state: State): void {
    this.watcher.state(state === "waiting" || state === "connecting");
    if (state !== "closed" || this.isClosed || this.backend.isKnown) return;
    // The session is over: the next word begins a new conversation.
    this.hasEnded = true;
    this.joining = null;
    this.messages = [];
    this.watcher.changed();
  }
}
