import type { Json } from "../src/index";

/** A socket whose other end is the test. */
export class Wire {
  static all: Wire[] = [];
  readyState = 0;
  sent: Json[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    Wire.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
    this.says({ type: "welcome" });
  }
  says(frame: Json) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  breaks(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  asked(type: string) {
    return this.sent.filter((frame) => frame.type === type);
  }
}
