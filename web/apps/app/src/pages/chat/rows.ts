import type { Message } from "@kassa/chat";
import { markdown, type Block } from "@kassa/chat/markdown";

/** So many blocks of a long answer are one row: what is far from the screen is not drawn. */
const BLOCKS = 40;
const LONG = 6000;

export interface Row {
  key: string;
  message: Message;
  /** A part of a long answer; nothing: the whole message. */
  blocks: Block[] | null;
  isFirst: boolean;
  isLast: boolean;
}

/** A message that was changed is another object, so each is cut once. */
const cut = new WeakMap<Message, Row[]>();

export const rowsOf = (messages: Message[]): Row[] => messages.flatMap((message) => {
  const known = cut.get(message);
  if (known) return known;
  const rows = partsOf(message).map((blocks, at, all) => ({ key: `${message.id}:${at}`, message, blocks, isFirst: at === 0, isLast: at === all.length - 1 }));
  cut.set(message, rows);
  return rows;
});

function partsOf(message: Message): (Block[] | null)[] {
  if (message.author !== "bot" || message.format === "plain" || message.text.length < LONG) return [null];
  const blocks = markdown(message.text);
  return Array.from({ length: Math.ceil(blocks.length / BLOCKS) }, (_, at) => blocks.slice(at * BLOCKS, (at + 1) * BLOCKS));
}
