import { useState } from "react";
import { useErrorText } from "../app/problems";

/** One try at something before signing in: whether it runs, and why it did not work. */
export function useAttempt() {
  const text = useErrorText();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function attempt(work: () => Promise<unknown>, onProblem?: (problem: unknown) => boolean) {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      if (!onProblem?.(problem)) setError(text(problem));
    } finally {
      setBusy(false);
    }
  }
  return { error, isBusy, attempt };
}
