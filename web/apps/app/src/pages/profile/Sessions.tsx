import { data, type Row } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { LogOut, Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api } from "../../app/session";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Cell, Section } from "../../ui/Section";
import { Badge, Skeleton } from "../../ui/States";
import { SwipeRow } from "../../ui/SwipeRow";

type Session = Row<"/api/v1/auth/sessions">;

/** Where one is signed in, and out again from there. */
export default function Sessions() {
  const { t, format } = useI18n();
  const [leaving, setLeaving] = useState<Session | "others" | null>(null);
  const query = useQuery({ queryKey: ["sessions"], queryFn: () => data(api.GET("/api/v1/auth/sessions")).then((page) => page.items) });
  async function leave() {
    if (leaving === "others") await data(api.DELETE("/api/v1/auth/sessions"));
    else await data(api.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path: { session_id: leaving!.id } } }));
    await query.refetch();
  }
  const items = [...(query.data ?? [])].sort((one, other) => Number(other.is_current) - Number(one.is_current));
  return (
    <Screen title={t("sessions.title")} back="/profile" onRefresh={query.refetch}>
      {query.isPending && <Skeleton rows={3} />}
      {query.isError && <LoadFailed error={query.error} onRetry={() => void query.refetch()} />}
      {items.length > 0 && (
        <Section note={t("sessions.note")}>
          {items.map((item) => {
            const isPhone = /mobile|android|iphone/i.test(item.user_agent);
            const end = item.is_current ? <Badge tone="good">{t("sessions.here")}</Badge> : <Button look="plain" size="small" onClick={() => setLeaving(item)}>{t("sessions.end")}</Button>;
            const cell = <Cell icon={isPhone ? <Smartphone /> : <Monitor />} title={device(item.user_agent) || t("sessions.unknown")} hint={[item.ip, format.ago(item.used_at)].filter(Boolean).join(" · ")} end={end} />;
            return item.is_current ? <div key={item.id}>{cell}</div> : (
              <SwipeRow key={item.id} actions={[{ label: t("sessions.end"), icon: <LogOut />, isDanger: true, onPress: () => setLeaving(item) }]}>{cell}</SwipeRow>
            );
          })}
        </Section>
      )}
      {items.length > 1 && <Button look="danger" onClick={() => setLeaving("others")}>{t("sessions.end_others")}</Button>}
      {leaving && <Confirm title={leaving === "others" ? t("sessions.end_others") : t("sessions.end_title")} text={t("sessions.end_text")} action={t("sessions.end")} onConfirm={leave} onClose={() => setLeaving(null)} />}
    </Screen>
  );
}

/** The browser and the system in a user agent, as people call them. */
function device(agent: string): string {
  const browser = /Edg\//.test(agent) ? "Edge" : /YaBrowser/.test(agent) ? "Яндекс Браузер" : /Firefox\//.test(agent) ? "Firefox" : /Chrom(e|ium)\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "";
  const system = /iPhone|iPad/.test(agent) ? "iOS" : /Android/.test(agent) ? "Android" : /Windows/.test(agent) ? "Windows" : /Mac OS/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
  return [browser, system].filter(Boolean).join(", ") || agent.slice(0, 40);
}
