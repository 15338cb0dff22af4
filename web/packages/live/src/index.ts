/** The client of Kassa's WebSocket: every event once and in order, over lost connections. See docs/extend/real-time.md. */
import { newId } from "./id";

export { newId };

export type Json = Record<string, unknown>;
export type Event = { stream: string; seq?: number; kind: string; payload: Json };
export type State = "connecting" | "open" | "waiting" | "closed";

export type Follow = {
  /** The number of the last event that is known already; left out: from now on. */
  after?: number;
  event(event: Event): void;
  /** Something was missed that is no longer kept: read the state anew; `seq` is where events go on. */
  lost?(seq: number): void;
  /** The stream is not there, or not yours. */
  refused?(code: string): void;
};

export type Options = {
  url: string;
  /** An access token; `again` when the last one was refused. Nothing: nobody is signed in, and the client stops. */
  token(again: boolean): Promise<string | null>;
  state?(state: State): void;
  /** For tests. */
  socket?: new (url: string) => WebSocket;
  random?(): number;
};

export class Refused extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

type Waiting = { stream: string; payload: Json; resolve(answer: Json): void; reject(error: Refused): void };

const LONGEST_S = 30;
const PING_S = 25;
const ANSWER_S = 10;
const PASSING = new Set(["service.unavailable", "service.internal_error", "live.not_subscribed"]);

export class Live {
  private socket: WebSocket | null = null;
  private follows = new Map<string, Follow>();
  private outbox = new Map<string, Waiting>();
  /** Streams that this connection follows by now: what is posted to others waits, so that it does not overtake what waits. */
  private joined = new Set<string>();
  private tries = 0;
  private again = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setTimeout> | undefined;
  private isOver = true;

  constructor(private options: Options) {}

  /** Connect, and stay connected until `close`. */
  open(): void {
    if (!this.isOver) return;
    this.isOver = false;
    globalThis.addEventListener?.("online", this.wake);
    globalThis.document?.addEventListener("visibilitychange", this.wake);
    void this.connect();
  }

  /** Disconnect. What was not answered is sent when the client is opened again. */
  close(): void {
    this.isOver = true;
    globalThis.removeEventListener?.("online", this.wake);
    globalThis.document?.removeEventListener("visibilitychange", this.wake);
    this.drop();
    this.options.state?.("closed");
  }

  /** Follow a stream; the answer ends it. */
  follow(stream: string, follow: Follow): () => void {
    this.follows.set(stream, follow);
    this.subscribe(stream);
    return () => {
      if (this.follows.get(stream) !== follow) return;
      this.follows.delete(stream);
      this.joined.delete(stream);
      this.send({ type: "unsubscribe", stream });
    };
  }

  /** Send something to a stream that is followed, once, however often the connection breaks. */
  post(stream: string, payload: Json, id: string = newId()): Promise<Json> {
    return new Promise((resolve, reject) => {
      this.outbox.set(id, { stream, payload, resolve, reject });
      if (this.joined.has(stream)) this.send({ type: "post", stream, id, payload });
    });
  }

  /** Tell the others who listen now; nothing happens when there is no connection. */
  signal(stream: string, kind: string, payload: Json = {}): void {
    this.send({ type: "signal", stream, kind, payload });
  }

  private wake = (): void => {
    if (this.isOver || globalThis.document?.visibilityState === "hidden") return;
    if (this.retry !== undefined) void this.connect();
    else this.ping();
  };

  private async connect(): Promise<void> {
    this.drop();
    this.options.state?.("connecting");
    let token: string | null;
    try {
      token = await this.options.token(this.again);
    } catch {
      return this.wait(this.pause()); // the network is away, or the server
    }
    if (this.isOver || this.socket) return;
    if (token === null) return this.close();
    const socket = new (this.options.socket ?? WebSocket)(this.options.url);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token }));
    socket.onmessage = (message) => this.socket === socket && this.hear(JSON.parse(String(message.data)));
    socket.onclose = (closed) => this.socket === socket && this.lost(closed.code);
    this.expect();
  }

  private hear(frame: Json & { type: string; stream: string; seq?: number; id?: string }): void {
    this.expect();
    const follow = this.follows.get(frame.stream);
    if (frame.type === "welcome") {
      this.tries = 0;
      this.again = false;
      this.options.state?.("open");
      for (const stream of this.follows.keys()) this.subscribe(stream);
    } else if (frame.type === "subscribed" && follow) {
      const seq = frame.seq ?? 0;
      const isLost = frame.recovered === false;
      if (isLost || follow.after === undefined) follow.after = seq;
      if (isLost) follow.lost?.(seq);
      this.joined.add(frame.stream);
      for (const [id, { stream, payload }] of this.outbox) {
        if (stream === frame.stream) this.send({ type: "post", stream, id, payload });
      }
    } else if (frame.type === "event" && follow) {
      if (frame.seq !== undefined) {
        if (follow.after !== undefined && frame.seq <= follow.after) return;
        follow.after = frame.seq;
      }
      follow.event(frame as unknown as Event);
    } else if (frame.type === "posted" && frame.id) {
      this.outbox.get(frame.id)?.resolve(frame.payload as Json);
      this.outbox.delete(frame.id);
    } else if (frame.type === "error") {
      this.refused(String(frame.code), String(frame.message), frame.stream, frame.id);
    }
  }

  private refused(code: string, message: string, stream: string, id?: string): void {
    const isPassing = PASSING.has(code);
    if (id !== undefined) {
      const waiting = this.outbox.get(id);
      if (!waiting) return;
      if (isPassing) {
        this.joined.delete(waiting.stream);
        if (code !== "live.not_subscribed") setTimeout(() => this.outbox.has(id) && this.subscribe(waiting.stream), 1000);
        return; // it is sent again when the stream is followed
      }
      this.outbox.delete(id);
      waiting.reject(new Refused(code, message));
    } else if (isPassing) {
      setTimeout(() => this.subscribe(stream), 1000);
    } else {
      this.follows.get(stream)?.refused?.(code);
    }
  }

  private subscribe(stream: string): void {
    const follow = this.follows.get(stream);
    if (follow) this.send({ type: "subscribe", stream, after_seq: follow.after ?? null });
  }

  private send(frame: Json): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  private lost(code: number): void {
    this.again = code === 4401;
    if (code === 1012 || code === 4413) this.wait(this.random()); // told to come back: at once, but not all together
    else this.wait(code === 4429 ? LONGEST_S : this.pause());
  }

  /** At once after a good connection, then ever longer, and never in step with other clients. */
  private pause(): number {
    if (this.tries === 0) return 0.1 + 0.3 * this.random();
    return Math.min(LONGEST_S, 2 ** (this.tries - 1)) * (0.5 + this.random() / 2);
  }

  private wait(seconds: number): void {
    this.drop();
    if (this.isOver) return;
    this.tries += 1;
    this.options.state?.("waiting");
    this.retry = setTimeout(() => void this.connect(), seconds * 1000);
  }

  /** A connection that is silent is asked for a sign of life, and given up when it gives none. */
  private expect(): void {
    clearTimeout(this.pulse);
    this.pulse = setTimeout(() => this.ping(), PING_S * 1000);
  }

  private ping(): void {
    this.send({ type: "ping" });
    clearTimeout(this.pulse);
    this.pulse = setTimeout(() => this.lost(1006), ANSWER_S * 1000);
  }

  private drop(): void {
    clearTimeout(this.retry);
    clearTimeout(this.pulse);
    this.retry = undefined;
    this.joined.clear();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private random(): number {
    return (this.options.random ?? Math.random)();
  }
}
