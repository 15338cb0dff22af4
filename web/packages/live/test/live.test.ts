import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { type Event, type Follow, Live, Refused, type State } from "../src/index";
import { Wire } from "./wire";

const ticks = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};
const wire = () => Wire.all.at(-1)!;
const after = async (seconds: number) => {
  mock.timers.tick(seconds * 1000);
  await ticks();
};

let states: State[];
let asked: boolean[];
let live: Live;
let mostTokens: number;

beforeEach(async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  Wire.all = [];
  states = [];
  asked = [];
  mostTokens = 5;
  live = new Live({
    url: "ws://x/api/v1/ws",
    token: async (again) => (asked.push(again), asked.length > mostTokens ? null : `token-${asked.length}`),
    state: (state) => states.push(state),
    socket: Wire as unknown as new (url: string) => WebSocket,
    random: () => 1,
  });
  live.open();
  await ticks();
});

const recorder = (from?: number) => {
  const seen: Event[] = [];
  const lost: number[] = [];
  const codes: string[] = [];
  const follow: Follow = { after: from, event: (event) => seen.push(event), lost: (seq) => lost.push(seq), refused: (code) => codes.push(code) };
  return { follow, seen, lost, codes };
};

test("the token is in the first frame and never in the address", () => {
  wire().open();
  assert.deepEqual(wire().sent[0], { type: "hello", token: "token-1" });
  assert.equal(wire().url.includes("token"), false);
});

test("after a drop it goes on from the last number, and a number comes once", async () => {
  const { follow, seen } = recorder(4);
  live.follow("chat:1", follow);
  wire().open();
  assert.deepEqual(wire().asked("subscribe"), [{ type: "subscribe", stream: "chat:1", after_seq: 4 }]);
  wire().says({ type: "subscribed", stream: "chat:1", seq: 6, recovered: true });
  for (const seq of [5, 6, 6, 5]) wire().says({ type: "event", stream: "chat:1", seq, kind: "k", payload: {} });
  wire().says({ type: "event", stream: "chat:1", kind: "typing", payload: {} });
  wire().says({ type: "event", stream: "other", seq: 1, kind: "k", payload: {} });
  assert.deepEqual(seen.map((event) => event.seq), [5, 6, undefined]);
  wire().breaks();
  await after(1);
  wire().open();
  assert.deepEqual(wire().asked("subscribe"), [{ type: "subscribe", stream: "chat:1", after_seq: 6 }]);
});

test("what can no longer be made up for is told, and it goes on from there", () => {
  const { follow, seen, lost } = recorder(4);
  live.follow("chat:1", follow);
  wire().open();
  wire().says({ type: "subscribed", stream: "chat:1", seq: 900, recovered: false });
  wire().says({ type: "event", stream: "chat:1", seq: 901, kind: "k", payload: {} });
  assert.deepEqual([lost, seen.map((event) => event.seq)], [[900], [901]]);
});

test("a post is sent until it is answered, with the same id, in order", async () => {
  live.follow("chat:1", recorder().follow);
  const first = live.post("chat:1", { text: "one" }, "a");
  const second = live.post("chat:1", { text: "two" }, "b");
  wire().open();
  assert.equal(wire().asked("post").length, 0, "not before the stream is followed");
  wire().says({ type: "subscribed", stream: "chat:1", seq: 0, recovered: true });
  assert.deepEqual(wire().asked("post").map((frame) => frame.id), ["a", "b"]);
  wire().says({ type: "posted", stream: "chat:1", id: "a", payload: { n: 1 } });
  assert.deepEqual(await first, { n: 1 });
  wire().breaks();
  await after(1);
  wire().open();
  wire().says({ type: "subscribed", stream: "chat:1", seq: 1, recovered: true });
  assert.deepEqual(wire().asked("post").map((frame) => frame.id), ["b"]);
  wire().says({ type: "error", code: "request.invalid", message: "no", stream: "chat:1", id: "b" });
  await assert.rejects(second, (error: Refused) => error.code === "request.invalid");
});

test("what is posted while the connection comes back does not overtake what waits", async () => {
  live.follow("chat:1", recorder(0).follow);
  wire().open();
  wire().says({ type: "subscribed", stream: "chat:1", seq: 0, recovered: true });
  void live.post("chat:1", {}, "a");
  wire().breaks();
  await after(1);
  wire().open();
  void live.post("chat:1", {}, "b");
  assert.equal(wire().asked("post").length, 0, "the stream is not followed yet");
  wire().says({ type: "subscribed", stream: "chat:1", seq: 0, recovered: true });
  assert.deepEqual(wire().asked("post").map((frame) => frame.id), ["a", "b"]);
  wire().says({ type: "error", code: "service.unavailable", message: "", stream: "chat:1", id: "a" });
  void live.post("chat:1", {}, "c");
  await after(1);
  wire().says({ type: "subscribed", stream: "chat:1", seq: 0, recovered: true });
  assert.deepEqual(wire().asked("post").map((frame) => frame.id), ["a", "b", "a", "b", "c"]);
});

test("a server that is away for a moment refuses nothing", async () => {
  const { follow, codes } = recorder();
  live.follow("chat:1", follow);
  const post = live.post("chat:1", {}, "a");
  wire().open();
  wire().says({ type: "error", code: "service.unavailable", message: "", stream: "chat:1" });
  await after(1);
  assert.equal(wire().asked("subscribe").length, 2);
  wire().says({ type: "subscribed", stream: "chat:1", seq: 0, recovered: true });
  wire().says({ type: "error", code: "service.unavailable", message: "", stream: "chat:1", id: "a" });
  await after(1);
  wire().says({ type: "subscribed", stream: "chat:1", seq: 0, recovered: true });
  wire().says({ type: "posted", stream: "chat:1", id: "a", payload: {} });
  assert.deepEqual(await post, {});
  wire().says({ type: "error", code: "live.stream_not_found", message: "", stream: "chat:1" });
  assert.deepEqual(codes, ["live.stream_not_found"]);
});

test("pauses grow to thirty seconds, and a welcome ends them", async () => {
  mostTokens = 10;
  for (const pause of [0.4, 1, 2, 4]) {
    const before = Wire.all.length;
    wire().breaks();
    await after(pause - 0.1);
    assert.equal(Wire.all.length, before, `not before ${pause} s`);
    await after(0.1);
    assert.equal(Wire.all.length, before + 1);
  }
  wire().open();
  wire().breaks();
  await after(1);
  assert.equal(Wire.all.length, 6);
});

test("a process that stops is left at once; too many sockets wait long", async () => {
  wire().open();
  wire().breaks(1012);
  await after(1);
  assert.equal(Wire.all.length, 2);
  wire().breaks(4429);
  await after(29);
  assert.equal(Wire.all.length, 2);
  await after(1);
  assert.equal(Wire.all.length, 3);
});

test("a refused token is asked for anew, and without one the client stops", async () => {
  for (let time = 0; time < 5; time++) {
    wire().readyState = 1;
    wire().breaks(4401);
    await after(30);
  }
  assert.deepEqual(asked, [false, true, true, true, true, true]);
  assert.equal(states.at(-1), "closed");
  assert.equal(Wire.all.length, 5);
});

test("a connection that is silent is asked, and given up", async () => {
  wire().open();
  await after(25);
  assert.deepEqual(wire().asked("ping").length, 1);
  wire().says({ type: "pong" });
  await after(25);
  await after(10);
  assert.equal(states.at(-1), "waiting");
  await after(1);
  assert.equal(Wire.all.length, 2);
});

test("a closed client is silent", async () => {
  wire().open();
  live.close();
  await after(100);
  assert.equal(Wire.all.length, 1);
  assert.equal(states.at(-1), "closed");
});
