import { useFormats, type Money as Amount } from "@kassa/i18n";
import { PageLink } from "../../app/nav";

/** An amount of money. */
export function Money({ of }: { of: Amount | null | undefined }) {
  const { money } = useFormats();
  return <span className="figures whitespace-nowrap">{of ? money(of) : "—"}</span>;
}

/** Who it is about; leads to their card. */
export function CustomerLink({ id, name, number }: { id: string; name?: string; number?: number }) {
  const { no } = useFormats();
  return <PageLink to={`/customers/${id}`} className="relative z-10 rounded-sm hover:underline">{name || (number ? no(number) : `…${id.slice(-6)}`)}</PageLink>;
}
