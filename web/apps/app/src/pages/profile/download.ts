import { errorOf } from "@kassa/api";
import { session } from "../../app/session";

/** A file of the API, saved as one of the person's own. */
export async function download(path: string, name: string): Promise<void> {
  const answer = await session.fetch(new Request(location.origin + path));
  if (!answer.ok) throw await errorOf(answer);
  const address = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
