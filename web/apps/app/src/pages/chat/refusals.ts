import { ApiError } from "@kassa/api";
import { hasText, translate } from "../../app/i18n";
import { errorText } from "../../app/problems";

/** Why the chat or the store of files refused something, in the person's words; nothing for a code of others. */
export function refusal(code: string): string | undefined {
  const key = `chat.refused.${code}`;
  return hasText(key) ? translate(key) : undefined;
}

/** The same for an error of the API, whatever it is. */
export const problemText = (error: unknown): string => (error instanceof ApiError ? refusal(error.code) : undefined) ?? errorText(error);
