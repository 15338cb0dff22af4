export interface Money {
  units: number;
  asset: string;
}

/** How many digits an asset has after the point; money comes in its smallest unit. */
const DIGITS: Record<string, number> = { RUB: 2, USD: 2, EUR: 2, TON: 9, USDT: 6, XTR: 0, TOKEN: 0 };
const CURRENCIES = new Set(["RUB", "USD", "EUR"]);
const SIGNS: Record<string, string> = { XTR: "★", TON: "TON", USDT: "USDT" };

export const digitsOf = (asset: string): number => DIGITS[asset] ?? 2;

const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.DisplayNames>();

function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.DisplayNames>(key: string, make: () => T): T {
  const found = made.get(key) ?? make();
  made.set(key, found);
  return found as T;
}

/** Numbers, money and times in one language. */
export function formatsFor(locale: string) {
  const number = (value: number, options: Intl.NumberFormatOptions = {}) =>
    kept(`n${locale}${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options)).format(value);
  const date = (value: string | Date, options: Intl.DateTimeFormatOptions) =>
    kept(`d${locale}${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options)).format(new Date(value));

  function money({ units, asset }: Money, options: Intl.NumberFormatOptions = {}): string {
    const digits = digitsOf(asset);
    const value = units / 10 ** digits;
    const isWhole = units % 10 ** digits === 0;
    if (CURRENCIES.has(asset)) {
      const style = { style: "currency", currency: asset, currencyDisplay: "narrowSymbol", minimumFractionDigits: isWhole ? 0 : 2 } as const;
      return number(value, { ...style, ...options });
    }
    const plain = number(value, { maximumFractionDigits: Math.min(digits, 6), ...options });
    return SIGNS[asset] ? `${plain} ${SIGNS[asset]}` : plain;
  }

  function ago(value: string | Date): string {
    const seconds = (new Date(value).getTime() - Date.now()) / 1000;
    const steps: [Intl.RelativeTimeFormatUnit, number][] = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60]];
    const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
    const format = kept(`r${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
    return unit === "second" ? format.format(0, "minute") : format.format(Math.round(seconds / size), unit);
  }

  const compactFormat = { notation: "compact", maximumFractionDigits: 1 } as const;
  return {
    number,
    money,
    ago,
    /** A short number that people call things by. */
    no: (value: number) => (locale.startsWith("ru") ? `№\u00a0${value}` : `#${value}`),
    compact: (value: number) => number(value, compactFormat),
    compactMoney: (value: Money) => money(value, { ...compactFormat, minimumFractionDigits: 0 }),
    percent: (share: number) => number(share, { style: "percent", maximumFractionDigits: 1 }),
    size: (bytes: number) => {
      const step = bytes < 1_000_000 ? (["kilobyte", 1000] as const) : bytes < 1_000_000_000 ? (["megabyte", 1e6] as const) : (["gigabyte", 1e9] as const);
      return number(bytes / step[1], { style: "unit", unit: step[0], maximumFractionDigits: 1 });
    },
    day: (value: string | Date) => date(value, { day: "numeric", month: "short", year: new Date(value).getFullYear() === new Date().getFullYear() ? undefined : "numeric" }),
    weekday: (value: string | Date) => date(value, { weekday: "short" }),
    time: (value: string | Date) => date(value, { dateStyle: "medium", timeStyle: "short" }),
    exact: (value: string | Date) => date(value, { dateStyle: "long", timeStyle: "medium" }),
    language: (code: string) => {
      const name = kept(`l${locale}`, () => new Intl.DisplayNames(locale, { type: "language" })).of(code) ?? code;
      return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
    },
  };
}

/** Whole units from what a person typed: `1 499,50` of RUB is 149950; null when it is no amount. */
export function parseAmount(text: string, asset: string): number | null {
  const digits = digitsOf(asset);
  const found = /^(\d+)(?:[.,](\d*))?$/.exec(text.replace(/[\s\u00a0\u202f]/g, ""));
  if (!found || (found[2] ?? "").length > digits) return null;
  const units = Number(found[1] + (found[2] ?? "").padEnd(digits, "0"));
  return Number.isSafeInteger(units) ? units : null;
}

/** The same amount as a person would type it. */
export function amountText({ units, asset }: Money): string {
  const digits = digitsOf(asset);
  if (digits === 0) return String(units);
  const text = String(units).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, "");
}
