import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";

export { Trans, useTranslation } from "react-i18next";
export * from "./formats";
export * from "./use-formats";

export const LOCALES = ["ru", "en"] as const;
export type Locale = (typeof LOCALES)[number];

const KEPT = "kassa-locale";

/** The person's own choice, else the browser's language, else English. */
export function preferredLocale(): Locale {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return LOCALES.find((locale) => locale === wanted.find((tag) => LOCALES.includes(tag as Locale))) ?? "en";
}

/** Texts of one language are loaded when they are wanted, the others never. */
export async function startI18n(load: Record<Locale, () => Promise<{ default: object }>>): Promise<i18n> {
  const add = async (locale: Locale) => {
    if (!i18next.hasResourceBundle(locale, "translation")) {
      i18next.addResourceBundle(locale, "translation", (await load[locale]()).default);
    }
  };
  const locale = preferredLocale();
  await i18next.use(initReactI18next).init({
    lng: locale,
    resources: {},
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  await add(locale);
  await i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
  changing = async (next) => {
    await add(next);
    localStorage.setItem(KEPT, next);
    document.documentElement.lang = next;
    await i18next.changeLanguage(next);
  };
  return i18next;
}

let changing: (locale: Locale) => Promise<void> = async () => undefined;

/** Speaks another language from now on, here and at the next visit. */
export const changeLocale = (locale: Locale) => changing(locale);
