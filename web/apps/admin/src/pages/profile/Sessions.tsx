import { data } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Button, Card } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { api } from "../../app/api";
import { Ask } from "../../parts/Ask";
import { deviceOf } from "../../parts/device";
import { Moment } from "../../parts/Moment";
import { useVerb } from "../../parts/useVerb";

/** Where one is signed in. */
export function Sessions() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["sessions"], queryFn: () => data(api.GET("/api/v1/auth/sessions", {})) });
  const close = useVerb((id: string) => api.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path: { session_id: id } } }), t("profile.session_closed"));
  const closeOthers = useVerb(() => api.DELETE("/api/v1/auth/sessions", {}), t("profile.sessions_closed"));
  const hasOthers = (found.data?.items.length ?? 0) > 1;
  return (
    <Card title={t("profile.sessions")} isFlush actions={hasOthers && <Button size="sm" look="danger" isBusy={closeOthers.isPending} onClick={() => closeOthers.mutate()}>{t("profile.close_others")}</Button>}>
      <Ask query={found} lines={3}>
        {({ items }) => (
          <ul className="divide-y divide-line">
            {items.map((one) => {
              const Icon = /Mobile|Android|iPhone/.test(one.user_agent) ? Smartphone : Monitor;
              return (
                <li key={one.id} className="flex items-center gap-3 px-4 py-3">
                  <Icon aria-hidden className="size-5 shrink-0 text-ink-faint" />
                  <div className="min-w-0 flex-1">
                    <div className="flex flex-wrap items-center gap-x-2 font-medium" title={one.user_agent}>{deviceOf(one.user_agent) || t("profile.unknown_device")}{one.is_current && <Badge tone="good">{t("profile.here")}</Badge>}</div>
                    <div className="text-[13px] text-ink-faint"><span className="font-mono">{one.ip}</span> · <Moment at={one.used_at} /></div>
                  </div>
                  {!one.is_current && <Button size="sm" isBusy={close.isPending && close.variables === one.id} onClick={() => close.mutate(one.id)}>{t("profile.close")}</Button>}
                </li>
              );
            })}
          </ul>
        )}
      </Ask>
    </Card>
  );
}
