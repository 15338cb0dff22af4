import { useFormats, type Money as Amount } from "@kassa/i18n";
import { useQuery } from "@tanstack/react-query";
import { useCan } from "../../app/me";
import { PageLink } from "../../app/nav";
import { cardQuery } from "../customers/queries";

/** An amount of money. */
export function Money({ of }: { of: Amount | null | undefined }) {
  const { money } = useFormats();
  return <span className="figures whitespace-nowrap">{of ? money(of) : "—"}</span>;
}

/** Who it is about; leads to their card. A list that knows only the id has the name looked up. */
export function CustomerLink({ id, name, number }: { id: string; name?: string; number?: number }) {
  const { no } = useFormats();
  const mayLook = useCan()("identity.customers.view");
  const card = useQuery({ ...cardQuery(id), enabled: number === undefined && mayLook, staleTime: 300_000 });
  const known = number ?? card.data?.number;
  return <PageLink to={`/customers/${id}`} className="relative z-10 rounded-sm hover:underline">{name || card.data?.name || (known ? no(known) : `…${id.slice(-6)}`)}</PageLink>;
}
