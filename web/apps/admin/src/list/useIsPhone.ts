import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 767px)");

function subscribe(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

/** Whether a table would not fit: rows are then shown as cards. */
export const useIsPhone = () => useSyncExternalStore(subscribe, () => narrow.matches);
