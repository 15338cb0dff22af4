import { useRef, useState } from "react";
import { translate } from "../../app/i18n";
import { haptic } from "../../app/telegram";
import { toast } from "../../ui/toast";

/** Copies a text, and says for a moment that it did. Some webviews have no clipboard. */
export function useCopy() {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  async function copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!copyByHand(text)) return toast(translate("state.no_clipboard"), true);
    }
    haptic("success");
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 2000);
  }
  return { isCopied, copy };
}

/** Pages without https, and older webviews. */
function copyByHand(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}
