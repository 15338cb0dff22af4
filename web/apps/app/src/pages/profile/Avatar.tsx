import { data } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../app/session";

/** The person's picture, when Telegram has told one; the first letters of their name until then. */
export function Avatar({ name, isTelegrams }: { name: string; isTelegrams: boolean }) {
  const { data: picture } = useQuery({
    queryKey: ["avatar"], enabled: isTelegrams, staleTime: 300_000, queryFn: () => data(api.GET("/api/v1/files/avatar")),
  });
  const letters = name.split(/\s+/).slice(0, 2).map((word) => word.charAt(0)).join("").toUpperCase();
  const address = picture?.thumbnail_url ?? picture?.url;
  if (address) return <img src={address} alt="" width={64} height={64} className="size-16 rounded-full object-cover" />;
  return <span aria-hidden className="grid size-16 shrink-0 place-items-center rounded-full bg-brand-soft text-[22px] font-semibold text-brand-text">{letters}</span>;
}
