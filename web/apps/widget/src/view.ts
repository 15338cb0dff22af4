/** The widget on the page: a button, a panel, and in it what the conversation is now. */
import { type Button, Conversation, type Message } from "@kassa/chat";
import { Api } from "./api";
import { element, link, markdown } from "./markdown";
import style from "./style.css?inline";
import { type Texts, textsOf } from "./texts";

const BANNER_AFTER_MS = 1500;
const SVG = "http://www.w3.org/2000/svg";

function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ width: "24", height: "24", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export type Settings = { api: Api; locale: string; theme: string; isOpen: boolean };

export function show(host: HTMLElement, { api, locale, theme, isOpen }: Settings): void {
  const t: Texts = textsOf(locale);
  const root = host.attachShadow({ mode: "open" });
  host.lang = locale;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => host.toggleAttribute("data-dark", theme === "dark" || (theme !== "light" && dark.matches));
  dark.addEventListener("change", paint);
  paint();

  const launch = element("button", { class: "launch", type: "button", "aria-expanded": "false", "aria-label": t.open }, icon("M21 11.5a8.4 8.4 0 0 1-12 7.6L3 21l1.9-6A8.4 8.4 0 1 1 21 11.5z"));
  const name = element("b", { id: "name" });
  const menu = element("button", { class: "icon", type: "button", "aria-label": t.menu, title: t.menu }, icon("M4 6h16M4 12h16M4 18h16"));
  const close = element("button", { class: "icon", type: "button", "aria-label": t.close, title: t.close }, icon("M6 6l12 12M18 6L6 18"));
  const banner = element("div", { class: "banner", role: "status", hidden: "" }, t.away);
  const log = element("div", { class: "log", role: "log", "aria-label": t.log, tabindex: "0" });
  const older = element("button", { class: "link", type: "button", hidden: "" }, t.older);
  const said = element("div", { style: "display:contents" });
  const below = element("div", { style: "display:contents", "aria-live": "off" });
  log.append(older, said, below);
  const toast = element("div", { class: "toast", role: "status", hidden: "" });
  const text = element("textarea", { rows: "1", "aria-label": t.message, placeholder: t.placeholder, maxlength: "40000" });
  const send = element("button", { class: "send", type: "submit", "aria-label": t.send, title: t.send }, icon("M12 19V5M5 12l7-7 7 7"));
  const form = element("form", {}, text, send);
  const panel = element("section", { class: "panel", role: "dialog", "aria-labelledby": "name", hidden: "" }, element("header", {}, name, menu, close), banner, log, toast, form);
  root.append(element("style", {}, style), panel, launch);

  let bannerTimer: ReturnType<typeof setTimeout> | undefined;
  let toastTimer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  let isMenuShown = false;
  let isLoaded = false;
  const drawn = new Map<number, { version: string; nodes: HTMLElement[] }>();
  const chat = new Conversation(api, {
    changed: () => drawSoon(),
    toast: (words) => {
      toast.textContent = words;
      toast.hidden = false;
      clearTimeout(toastTimer);
      toastTimer = setTimeout(() => (toast.hidden = true), 3000);
    },
    state: (isAway) => {
      clearTimeout(bannerTimer);
      // A short gap is nobody's concern.
      if (isAway) bannerTimer = setTimeout(() => (banner.hidden = false), BANNER_AFTER_MS);
      else banner.hidden = true;
    },
  });

  function buttons(rows: Button[][], message?: Message): HTMLElement {
    const made = rows.map((row) =>
      element("div", { class: "row" }, ...row.map((button) => {
        if (button.url) return link([button.text], button.url);
        const pressed = element("button", { type: "button" }, button.text);
        pressed.addEventListener("click", () => {
          isMenuShown = false;
          void chat.press(button, message).catch(() => undefined);
        });
        return pressed;
      })),
    );
    return element("div", { class: "rows" }, ...made);
  }

  function bubble(message: Message): HTMLElement[] {
    if (message.author === "customer") return [element("div", { class: "m mine", "data-id": String(message.id) }, message.text)];
    const body = message.format === "plain" ? [element("p", { style: "white-space:pre-wrap" }, message.text)] : markdown(message.text);
    const made = [element("div", { class: "m", "data-id": String(message.id) }, ...body)];
    return message.buttons.length ? [...made, buttons(message.buttons, message)] : made;
  }

  /** With the next picture of the screen, however many events come before it. */
  function drawSoon(): void {
    frame ||= requestAnimationFrame(draw);
  }

  function draw(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    name.textContent = chat.about?.name ?? "";
    older.hidden = chat.older === null;
    const kept = new Set<number>();
    let last: Element | null = null;
    for (const message of chat.messages) {
      kept.add(message.id);
      const version = message.edited_at ?? "";
      let found = drawn.get(message.id);
      if (found?.version !== version) {
        const nodes = bubble(message);
        if (found) found.nodes[0]!.before(...nodes);
        else if (last) last.after(...nodes);
        else said.prepend(...nodes);
        for (const node of found?.nodes ?? []) node.remove();
        found = { version, nodes };
        drawn.set(message.id, found);
      }
      last = found.nodes.at(-1)!;
    }
    for (const [id, { nodes }] of drawn) {
      if (kept.has(id)) continue;
      for (const node of nodes) node.remove();
      drawn.delete(id);
    }
    below.replaceChildren(...ahead());
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  function ahead(): HTMLElement[] {
    const found: HTMLElement[] = [];
    if (chat.hasEnded) found.push(element("p", { class: "link" }, t.ended));
    if (!chat.messages.length && chat.about) found.push(element("div", { class: "m" }, ...markdown(chat.about.greeting)));
    for (const unsent of chat.unsent) {
      found.push(element("div", { class: "m mine unsent" }, unsent.text));
      if (unsent.failure === null) continue;
      const retry = element("button", { class: "link", type: "button" }, t.failed);
      retry.addEventListener("click", () => void chat.retry(unsent));
      found.push(retry);
    }
    if (chat.draft) {
      found.push(element("div", { class: "m draft" }, ...(chat.draft.text ? markdown(chat.draft.text) : ["…"])));
      const stop = element("button", { type: "button" }, t.stop);
      stop.addEventListener("click", () => void chat.stop().catch(() => undefined));
      found.push(element("div", { class: "rows" }, element("div", { class: "row" }, stop)));
    } else if (chat.isTyping) {
      found.push(element("div", { class: "m" }, `${chat.about?.name ?? ""} ${t.writing}`));
    }
    if (chat.about && (isMenuShown || !chat.messages.length)) found.push(buttons(chat.about.menu));
    return found;
  }

  async function load(): Promise<void> {
    try {
      await chat.load();
      isLoaded = true;
    } catch {
      const retry = element("button", { class: "link", type: "button" }, t.broken);
      retry.addEventListener("click", () => void load());
      below.replaceChildren(retry);
    }
  }

  function toggle(wanted: boolean): void {
    panel.hidden = !wanted;
    launch.setAttribute("aria-expanded", String(wanted));
    launch.setAttribute("aria-label", wanted ? t.close : t.open);
    if (wanted) {
      if (!isLoaded) void load();
      log.scrollTop = log.scrollHeight;
      text.focus();
    } else {
      launch.focus();
    }
  }

  launch.addEventListener("click", () => toggle(panel.hidden === true));
  close.addEventListener("click", () => toggle(false));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") toggle(false);
  });
  menu.addEventListener("click", () => {
    isMenuShown = !isMenuShown;
    draw();
    log.scrollTop = log.scrollHeight;
  });
  older.addEventListener("click", async () => {
    const height = log.scrollHeight;
    await chat.loadOlder().catch(() => undefined);
    draw();
    log.scrollTop += log.scrollHeight - height;
  });
  text.addEventListener("input", () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    text.value = "";
    text.style.height = "auto";
    isMenuShown = false;
    void chat.say(words);
    log.scrollTop = log.scrollHeight;
  });
  if (isOpen) toggle(true);
}
