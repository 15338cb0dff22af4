import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { formatsFor } from "./formats";

/** The formats of the language that is spoken now. */
export function useFormats() {
  const { i18n } = useTranslation();
  return formatsFor(i18n.language ?? i18next.language ?? "en");
}
