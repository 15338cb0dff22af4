/** What another tab has written is seen by then. */
const ARRIVES_MS = 300;
/** So long a tab waits to see what another one, which was first, has been given. */
const ANOTHERS_MS = 2000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Lets one tab of the browser at a time do what makes something in localStorage fresh; who comes second finds it done.
 *
 * Browsers offer locks on secure addresses and on this machine only. A lock may reach another tab before what was written under
 * it does: whoever had to wait looks until it sees that, and whoever wrote gives it time to arrive.
 */
export function inTurn(name: string, isStale: () => boolean, refresh: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return refresh();
  return new Promise((resolve, reject) => {
    const work = async () => {
      await refresh().then(resolve, reject);
      if (!isStale()) await pause(ARRIVES_MS);
    };
    const first = async (lock: Lock | null) => {
      if (lock) await work();
      else void navigator.locks.request(name, second).catch(reject);
    };
    const second = async () => {
      for (const until = Date.now() + ANOTHERS_MS; isStale() && Date.now() < until; ) await pause(25);
      if (isStale()) await work();
      else resolve();
    };
    void navigator.locks.request(name, { ifAvailable: true }, first).catch(reject);
  });
}
