/** Words in the person's language: the same files as the panel's, by a function of thirty lines. */
import { formatsFor } from "@kassa/i18n/formats";
import { useSyncExternalStore } from "react";
import en from "../texts/en.json";
import ru from "../texts/ru.json";
import { launch } from "./telegram";

export const LOCALES = ["ru", "en"] as const;
export type Locale = (typeof LOCALES)[number];
export type Texts = Record<string, string>;
export type Key = keyof typeof ru | (string & {});
export type Translate = (key: Key, facts?: Record<string, string | number>) => string;

const KEPT = "kassa-locale";
const known: Record<Locale, Texts> = { ru, en };
const listeners = new Set<() => void>();
let locale: Locale = "en";
let version = 0;

function tell(): void {
  version++;
  document.documentElement.lang = locale;
  for (const listener of listeners) listener();
}

/** The person's own choice, else Telegram's or the browser's language, else English. */
export function startI18n(): void {
  const wanted = [localStorage.getItem(KEPT) ?? "", launch?.language ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2));
  locale = (wanted.find((tag) => LOCALES.includes(tag as Locale)) as Locale | undefined) ?? "en";
  tell();
}

/** Speak another language from now on, here and at the next visit. */
export function changeLocale(next: string): void {
  if (!LOCALES.includes(next as Locale) || next === locale) return;
  locale = next as Locale;
  localStorage.setItem(KEPT, next);
  tell();
}

/** Texts of a part of the app that is loaded when it is wanted. */
export function addTexts(more: Record<Locale, Texts>): void {
  for (const each of LOCALES) Object.assign(known[each], more[each]);
  version++;
}

export const currentLocale = (): Locale => locale;

/** A text; `count` chooses its form of plural, facts fill its `{{gaps}}`. */
export const translate: Translate = (key, facts = {}) => {
  const texts = known[locale];
  const form = typeof facts.count === "number" ? `${key}_${new Intl.PluralRules(locale).select(facts.count)}` : key;
  const text = texts[form] ?? texts[key] ?? known.en[form] ?? key;
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const fact = facts[name];
    return typeof fact === "number" ? formatsFor(locale).number(fact) : String(fact ?? "");
  });
};

export const hasText = (key: string): boolean => key in known[locale];

/** Words and formats of the language that is spoken now. */
export function useI18n() {
  useSyncExternalStore(subscribe, () => version);
  return { t: translate, locale, format: formatsFor(locale) };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
