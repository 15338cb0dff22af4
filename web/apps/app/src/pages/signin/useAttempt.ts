import { useState, type FormEvent } from "react";
import { errorText } from "../../app/problems";

/** One try at a form: busy while it runs, and what was wrong with it afterwards. */
export function useAttempt(act: (fields: Record<string, string>) => Promise<unknown>) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]));
    setBusy(true);
    setProblem("");
    try {
      await act(fields);
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, problem, onSubmit };
}
