import { useSyncExternalStore } from "react";

interface Note {
  id: number;
  text: string;
  isBad: boolean;
}

const SHOWN_MS = 3500;
let shown: Note | null = null;
let count = 0;
const listeners = new Set<() => void>();

function tell(next: Note | null): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** A short word about what has happened; the next one takes its place. */
export function toast(text: string, isBad = false): void {
  const note = { id: ++count, text, isBad };
  tell(note);
  setTimeout(() => shown === note && tell(null), SHOWN_MS);
}

export function Toaster() {
  const note = useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, () => shown);
  return (
    <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-0 bottom-[calc(var(--tabs)+var(--safe-bottom)+1rem)] z-50 grid place-items-center px-4">
      {note && <span key={note.id} className={`max-w-full animate-rise rounded-2xl px-4 py-2.5 text-center text-[15px] shadow-xl ${note.isBad ? "bg-bad text-sheet" : "bg-ink text-page"}`}>{note.text}</span>}
    </div>
  );
}
