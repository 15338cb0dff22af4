/** What is being written, kept for each dialog: it is there after a reload, and in the dialog it belongs to. */
import type { Attachment } from "@kassa/chat";
import { useEffect, useRef, useState } from "react";
import { bot } from "../../app/session";
import { launch } from "../../app/telegram";

export interface Draft {
  text: string;
  attachments: Attachment[];
}

const NONE: Draft = { text: "", attachments: [] };
export const NEW = "new";

const keyOf = (dialog: string) => `kassa-draft:${bot ?? ""}:${launch?.person ?? ""}:${dialog}`;

export function readDraft(dialog: string): Draft {
  const kept = localStorage.getItem(keyOf(dialog));
  return kept ? (JSON.parse(kept) as Draft) : NONE;
}

export function writeDraft(dialog: string, draft: Draft): void {
  if (draft.text || draft.attachments.length) localStorage.setItem(keyOf(dialog), JSON.stringify(draft));
  else localStorage.removeItem(keyOf(dialog));
}

/** The draft's text. Another dialog has another one; but a dialog that has just begun takes over what was begun for it. */
export function useDraftText(dialog: string, attachments: Attachment[], replace: (next: Attachment[]) => void) {
  const [text, setText] = useState(() => readDraft(dialog).text);
  const place = useRef(dialog);
  useEffect(() => {
    if (place.current === dialog) return;
    const isContinued = place.current === NEW && (text !== "" || attachments.length > 0);
    if (isContinued) writeDraft(NEW, NONE);
    else {
      const kept = readDraft(dialog);
      setText(kept.text);
      replace(kept.attachments);
    }
    place.current = dialog;
  }, [dialog]);
  useEffect(() => {
    if (place.current === dialog) writeDraft(dialog, { text, attachments });
  }, [text, attachments.map(({ id }) => id).join()]);
  return { text, setText };
}
