/** <script src="https://…/widget.js" data-locale="ru" data-theme="auto" data-bot="…" defer></script> and nothing more. */
import { Api } from "./api";
import { show } from "./view";

const script = document.currentScript as HTMLScriptElement | null;

function begin(): void {
  if (!script || document.querySelector("kassa-chat")) return;
  const { bot, organization, locale, theme, open } = script.dataset;
  const language = locale ?? navigator.language;
  const host = document.createElement("kassa-chat");
  const api = new Api(new URL(script.src).origin, bot ?? null, organization ?? null, language.slice(0, 16));
  document.body.append(host);
  show(host, { api, locale: language, theme: theme ?? "auto", isOpen: open !== undefined });
}

if (document.body) begin();
else document.addEventListener("DOMContentLoaded", begin);
