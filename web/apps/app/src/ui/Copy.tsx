import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";
import { useI18n } from "../app/i18n";
import { haptic } from "../app/telegram";
import { IconButton } from "./Button";
import { toast } from "./toast";

/** Puts a text on the clipboard. A browser that has none says so: then it is selected by hand. */
export function Copy({ text, label }: { text: string; label?: string }) {
  const { t } = useI18n();
  const [isDone, setDone] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      haptic("success");
      setDone(true);
      setTimeout(() => setDone(false), 1600);
    } catch {
      toast(t("state.no_clipboard"), true);
    }
  }
  return <IconButton label={label ?? t("action.copy")} onClick={() => void copy()}>{isDone ? <Check className="text-good" /> : <CopyIcon />}</IconButton>;
}
