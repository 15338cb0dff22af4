import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Wire } from "../../live/test/wire";
import { type Backend, Conversation, type Message, type Page } from "../src/index";

const message = (id: number, author: "bot" | "customer" = "bot"): Message => ({
  id, author, text: `message ${id}`, format: "plain", buttons: [], attachments: [], client_id: null, created_at: "2026-01-01T00:00:00Z", edited_at: null,
});
const page = (from: number, to: number, older: string | null = null): Page => ({
  items: Array.from({ length: to - from + 1 }, (_, index) => message(from + index)), next_cursor: older, stream: "chat:1", position: to,
});
const ticks = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

/** Questions to the server that the test answers when it wants to. */
let asked: { before: string | null | undefined; answer(page: Page): void; fail(): void }[];
let chat: Conversation;

const backend: Backend = {
  isKnown: true, socketUrl: "ws://x/api/v1/ws",
  enter: async () => undefined,
  token: async () => "token",
  chat: async () => ({ bot_id: "b", name: "Bot", locale: "en", greeting: "", menu: [], commands: [], stream: "chat:1" }),
  history: (before) => new Promise((answer, fail) => asked.push({ before, answer, fail: () => fail(new Error("no network")) })),
};
const wire = () => Wire.all.at(-1)!;
const comes = (seq: number) => wire().says({ type: "event", stream: "chat:1", seq, kind: "message", payload: message(seq) });
const misses = (seq: number) => wire().says({ type: "subscribed", stream: "chat:1", seq, recovered: false });
const shown = () => chat.messages.map(({ id }) => id);
const range = (from: number, to: number) => page(from, to).items.map(({ id }) => id);

beforeEach(async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.WebSocket = Wire as unknown as typeof WebSocket;
  Wire.all = [];
  asked = [];
  chat = new Conversation(backend, { changed: () => undefined, toast: () => undefined, state: () => undefined });
  void chat.load();
  await ticks();
  asked.shift()!.answer(page(1, 10));
  await ticks();
  wire().open();
  wire().says({ type: "subscribed", stream: "chat:1", seq: 10, recovered: true });
});

test("what comes while the state is read anew is not lost with the old one", async () => {
  misses(700);
  comes(701);
  comes(702);
  asked.shift()!.answer(page(671, 700, "671"));
  await ticks();
  comes(703);
  assert.deepEqual(shown(), range(671, 703));
});

test("a state that could not be read is read again, until it is there", async () => {
  misses(700);
  asked.shift()!.fail();
  await ticks();
  comes(701);
  mock.timers.tick(1000);
  await ticks();
  comes(702);
  asked.shift()!.answer(page(672, 701, "672"));
  await ticks();
  assert.deepEqual(shown(), range(672, 702));
});

test("of two readings the later one counts, whichever answer comes first", async () => {
  misses(700);
  misses(1400);
  const [first, second] = asked;
  comes(1401);
  second!.answer(page(1371, 1400, "1371"));
  await ticks();
  first!.answer(page(671, 700, "671"));
  await ticks();
  assert.deepEqual(shown(), range(1371, 1401));
  assert.equal(chat.older, "1371");
});

test("an earlier page that was asked for before a gap is not put before what came after it", async () => {
  misses(700);
  asked.shift()!.answer(page(671, 700, "671"));
  await ticks();
  const older = chat.loadOlder();
  misses(1400);
  asked.at(-1)!.answer(page(1371, 1400, "1371"));
  await ticks();
  asked[0]!.answer(page(641, 670, "641"));
  await older;
  assert.deepEqual(shown(), range(1371, 1400));
  assert.equal(chat.older, "1371");
});

test("what was said in a gap is sent, also when it lies before all that is shown", async () => {
  void chat.say("a word");
  await ticks();
  const id = String(wire().asked("post")[0]!.id);
  misses(700);
  asked.shift()!.answer(page(671, 700, "671"));
  await ticks();
  assert.equal(chat.unsent.length, 1);
  wire().says({ type: "posted", stream: "chat:1", id, payload: { message: { ...message(11, "customer"), client_id: id } } });
  await ticks();
  assert.equal(chat.unsent.length, 0);
  assert.deepEqual(shown(), range(671, 700));
});

test("a change to a message that is not shown does not put it on top of those that are", async () => {
  misses(700);
  wire().says({ type: "event", stream: "chat:1", seq: 701, kind: "edit", payload: message(5) });
  asked.shift()!.answer(page(671, 700, "671"));
  await ticks();
  wire().says({ type: "event", stream: "chat:1", seq: 702, kind: "edit", payload: message(6) });
  assert.deepEqual(shown(), range(671, 700));
});

test("what was said once and erased since is not on its way", async () => {
  void chat.say("a word");
  await ticks();
  const id = String(wire().asked("post")[0]!.id);
  wire().says({ type: "posted", stream: "chat:1", id, payload: { press_id: "web-1" } });
  await ticks();
  assert.equal(chat.unsent.length, 0);
  assert.deepEqual(shown(), range(1, 10));
});
