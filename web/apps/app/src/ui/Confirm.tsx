import { useState, type ReactNode } from "react";
import { useI18n } from "../app/i18n";
import { errorText } from "../app/problems";
import { haptic } from "../app/telegram";
import { Button } from "./Button";
import { Sheet } from "./Sheet";

/** A question before something that cannot be taken back. */
export function Confirm({ title, text, action, onConfirm, onClose, onDone = onClose }: { title: string; text: ReactNode; action: string; onConfirm(): Promise<unknown>; onClose(): void; onDone?(): void }) {
  const { t } = useI18n();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  async function confirm() {
    setBusy(true);
    try {
      await onConfirm();
      haptic("success");
      onDone();
    } catch (error) {
      haptic("error");
      setProblem(errorText(error));
      setBusy(false);
    }
  }
  return (
    <Sheet title={title} onClose={onClose}>
      <div className="px-1 text-[15px] text-ink-soft">{text}</div>
      {problem && <p role="alert" className="px-1 text-[14px] text-bad">{problem}</p>}
      <div className="grid gap-2">
        <Button look="danger" isWide isBusy={isBusy} onClick={() => void confirm()}>{action}</Button>
        <Button look="plain" isWide onClick={onClose}>{t("action.cancel")}</Button>
      </div>
    </Sheet>
  );
}
