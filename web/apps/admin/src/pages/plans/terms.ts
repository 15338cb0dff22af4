import type { Schema } from "@kassa/api";
import { amountText, parseAmount } from "@kassa/i18n";

export type Terms = Schema["PlanTerms"];

export const KINDS: Terms["kind"][] = ["subscription", "tokens", "unlimited", "api"];
export const ASSETS = ["RUB", "USD", "EUR", "XTR", "TON", "USDT"];
export const PERIODS = ["day", "week", "month", "year"];

/** A form is text until it is sent. */
export interface TermsForm {
  kind: Terms["kind"];
  ru: string;
  en: string;
  tokens: string;
  days: string;
  trialDays: string;
  lightModel: string;
  requests: string;
  period: string;
  prices: { asset: string; text: string }[];
}

/** The form of terms as they are; an empty one for a new plan. */
export function formOf(terms?: Terms): TermsForm {
  return {
    kind: terms?.kind ?? "tokens",
    ru: terms?.names.ru ?? "",
    en: terms?.names.en ?? "",
    tokens: terms?.tokens ? String(terms.tokens) : "",
    days: terms?.days ? String(terms.days) : "",
    trialDays: terms?.trial_days ? String(terms.trial_days) : "",
    lightModel: terms?.light_model ?? "",
    requests: terms?.api ? String(terms.api.requests) : "",
    period: terms?.api?.period ?? "month",
    prices: terms ? Object.entries(terms.prices).map(([asset, units]) => ({ asset, text: amountText({ units, asset }) })) : [{ asset: "RUB", text: "" }],
  };
}

const whole = (text: string) => (/^\d+$/.test(text.replace(/\s/g, "")) ? Number(text.replace(/\s/g, "")) : null);

/** Terms from a form, or the names of the fields that are not right. */
export function termsOf(form: TermsForm, before?: Terms): { terms: Record<string, unknown>; wrong: string[] } {
  const wrong: string[] = [];
  const read = (name: keyof TermsForm, isNeeded: boolean): number | null => {
    const value = whole(String(form[name]));
    if (value === null && (isNeeded || form[name])) wrong.push(name);
    return value;
  };
  const prices: Record<string, number> = {};
  form.prices.forEach(({ asset, text }, index) => {
    const units = parseAmount(text, asset);
    if (!units || asset in prices) wrong.push(`price${index}`);
    else prices[asset] = units;
  });
  if (!form.ru.trim()) wrong.push("ru");
  if (!form.en.trim()) wrong.push("en");
  const isApi = form.kind === "api";
  const requests = isApi ? read("requests", true) : null;
  const terms = {
    kind: form.kind,
    names: { ...before?.names, ru: form.ru.trim(), en: form.en.trim() },
    tokens: read("tokens", form.kind === "tokens") ?? 0,
    days: read("days", form.kind === "subscription" || form.kind === "unlimited"),
    trial_days: read("trialDays", false) ?? 0,
    light_model: form.lightModel.trim() || null,
    api: isApi ? { ...before?.api, requests, period: form.period } : null,
    prices,
  };
  return { terms, wrong };
}
