import { data } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Card } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../app/api";
import { Moment } from "../../parts/Moment";
import { useVerb } from "../../parts/useVerb";

/** Offers that nobody has answered yet. */
export function Invitations() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["invitations"], queryFn: () => data(api.GET("/api/v1/admin/invitations", {})) });
  const withdraw = useVerb((id: string) => api.DELETE("/api/v1/admin/invitations/{invitation_id}", { params: { path: { invitation_id: id } } }), t("staff.withdrawn"));
  if (!found.data?.items.length) return null;
  return (
    <Card title={t("staff.invitations")} isFlush className="mt-5">
      <ul className="divide-y divide-line">
        {found.data.items.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
            <span className="min-w-0 flex-1 truncate font-medium max-sm:basis-full">{one.email}</span>
            <span className="text-ink-soft">{t(`role.${one.role}`)}</span>
            <span className="text-[13px] text-ink-faint">{t("staff.until")} <Moment at={one.expires_at} isExact /></span>
            <Button size="sm" look="danger" isBusy={withdraw.isPending && withdraw.variables === one.id} onClick={() => withdraw.mutate(one.id)}>{t("staff.withdraw")}</Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
