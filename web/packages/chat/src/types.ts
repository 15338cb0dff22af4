export type Button = { text: string; action: string; url: string };

/** A file of a message. Its addresses work for a quarter of an hour; later ones are asked for by its id. */
export type Attachment = {
  id: string; name: string; category: string; media_type: string; size_bytes: number; width: number | null; height: number | null;
  url: string | null; thumbnail_url: string | null;
};

export type Message = {
  id: number; author: "customer" | "bot"; text: string; format: "markdown" | "rich" | "plain"; buttons: Button[][];
  attachments: Attachment[]; client_id: string | null; created_at: string; edited_at: string | null;
};

/** Who one talks to, and what there is to say. */
export type Chat = {
  bot_id: string; name: string; locale: string; greeting: string; menu: Button[][]; commands: { name: string; description: string }[];
  stream: string | null;
};

export type Page = { items: Message[]; next_cursor: string | null; stream: string; position: number };

/** What the page was asked to say, and has not been heard yet. */
export type Unsent = { id: string; text: string; attachments: Attachment[]; at: string; failure: string | null };

/** An answer that is being written. */
export type Draft = { draft_id: number; text: string };

/** How a page reaches the server, and who it is there. */
export type Backend = {
  readonly isKnown: boolean;
  readonly socketUrl: string;
  /** Become a customer, if the page lets visitors be one. */
  enter(): Promise<void>;
  /** An access token that works; `again` when the last one was refused. Nothing: nobody is signed in. */
  token(again?: boolean): Promise<string | null>;
  chat(): Promise<Chat>;
  history(before?: string | null): Promise<Page>;
};

/** Where what is not sent yet outlives the page; without one it does not. */
export type Outbox = { all(): Unsent[]; keep(unsent: Unsent): void; forget(id: string): void };

export type Watcher = {
  changed(): void;
  toast(text: string): void;
  state(isAway: boolean): void;
  /** Something new of the bot is there. */
  answered?(message: Message): void;
};
