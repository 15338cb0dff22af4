import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useBackButton } from "../app/telegram";
import { useI18n } from "../app/i18n";
import { IconButton } from "./Button";

/** A sheet from below (a window on wide screens). Escape, the ground, the cross and Telegram's arrow close it. */
export function Sheet({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { t } = useI18n();
  useBackButton(onClose);
  useEffect(() => {
    const from = document.activeElement as HTMLElement | null;
    dialog.current!.showModal();
    // The sheet is gone from the page before it could be closed: the focus goes back by hand.
    return () => from?.focus();
  }, []);
  return (
    <dialog
      ref={dialog} aria-label={title}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => event.target === dialog.current && onClose()}
      className="m-0 mt-auto max-h-[88dvh] w-full max-w-none overflow-y-auto rounded-t-3xl bg-page p-0 text-ink backdrop:bg-scrim open:animate-sheet sm:m-auto sm:w-[26rem] sm:rounded-3xl"
    >
      <div className="grid gap-4 px-4 pt-3 pb-[calc(1.25rem+var(--safe-bottom))]">
        <div className="flex items-center justify-between gap-3">
          <h2 className="pl-1 text-[19px] font-semibold">{title}</h2>
          <IconButton label={t("action.close")} onClick={onClose} className="-mr-2"><X /></IconButton>
        </div>
        {children}
      </div>
    </dialog>
  );
}
