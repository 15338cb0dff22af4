import { useFormats, type Money as Amount } from "@kassa/i18n";
import { PageLink } from "../../app/nav";

/** An amount of money. */
export function Money({ of }: { of: Amount | null | undefined }) {
  const { money } = useFormats();
  return <span className="figures whitespace-nowrap">{of ? money(of) : "—"}</span>;
}

/** Amounts in several assets, one after the other: they are never added up. */
export function Monies({ of }: { of: Amount[] }) {
  const { money } = useFormats();
  return <span className="figures">{of.length ? of.map((each) => money(each)).join(" · ") : "—"}</span>;
}

/** Who bought; leads to their card. */
export function CustomerLink({ customer }: { customer: { id: string; number: number; name: string } | null | undefined }) {
  if (!customer) return <span className="text-ink-faint">—</span>;
  return <PageLink to={`/customers/${customer.id}`} className="relative z-10 rounded-sm hover:underline">{customer.name || `#${customer.number}`}</PageLink>;
}
