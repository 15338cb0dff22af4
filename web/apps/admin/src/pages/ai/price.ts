import { useFormats, useTranslation } from "@kassa/i18n";

interface PriceLine {
  of?: string;
  per?: number;
  rate?: number;
  tiers?: { rate: number }[];
  lookup?: { table: Record<string, number> };
}

/** A price of the catalogue in words: its base, and what each further quantity adds. */
export function usePriceText(): (price: Record<string, unknown>, isCost?: boolean) => string {
  const { t } = useTranslation();
  const { number, compact } = useFormats();
  return (price, isCost = false) => {
    // What a route costs us is in millionths of a dollar, what a customer pays in tokens.
    const amount = (value: number) => (isCost ? number(value / 1e6, { style: "currency", currency: "USD", maximumFractionDigits: 4 }) : number(value));
    const lines = (price.units ?? []) as PriceLine[];
    const parts = lines.map((line) => {
      const rates = [line.rate, ...(line.tiers ?? []).map((tier) => tier.rate), ...Object.values(line.lookup?.table ?? {})].filter((rate) => rate !== undefined);
      const [low, high] = [Math.min(...rates), Math.max(...rates)];
      const shown = low === high ? amount(low) : `${amount(low)}–${amount(high)}`;
      const per = line.per && line.per !== 1 ? `${compact(line.per)} ` : "";
      return `${shown} / ${per}${t(isCost ? `quantity_short.${line.of}` : `quantity.${line.of}`, { defaultValue: line.of ?? "" })}`;
    });
    const base = Number(price.base ?? 0);
    if (base > 0 || parts.length === 0) parts.unshift(base > 0 || Object.keys(price).length > 0 ? amount(base) : "—");
    return parts.join(isCost ? " · " : " + ");
  };
}
