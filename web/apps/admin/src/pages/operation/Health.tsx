import { data } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Facts, type Tone } from "@kassa/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Stethoscope } from "lucide-react";
import { api } from "../../app/api";
import { LoadFailed } from "../../app/problems";
import { Ask } from "../../parts/Ask";
import { Moment } from "../../parts/Moment";
import { PageHead } from "../../parts/PageHead";
import { Status } from "../../parts/Status";

const REFRESH_MS = 10_000;

/** Whether everything works: dependencies, the doctor's look, recurring work. */
export default function Health() {
  const { t } = useTranslation();
  const health = useQuery({ queryKey: ["health"], queryFn: () => data(api.GET("/api/v1/admin/health", {})), refetchInterval: REFRESH_MS });
  return (
    <>
      <PageHead title={t("page.health")} description={health.data && `Kassa ${health.data.version} · ${t(`mode.${health.data.mode}`, { defaultValue: health.data.mode })}`} />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Card title={t("health.now")} actions={health.data && <Status value={health.data.status} />}>
          <Ask query={health}>{({ checks }) => <Facts items={Object.entries(checks).map(([name, state]) => [t(`dependency.${name}`, { defaultValue: name }), <Check key={name} state={state} />])} />}</Ask>
        </Card>
        <Schedules />
        <Doctor />
      </div>
    </>
  );
}

/** What a dependency told of itself: its state, and numbers beside it. */
function Check({ state }: { state: unknown }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  if (typeof state === "number") return <span className="figures">{number(state)}</span>;
  if (typeof state !== "object" || state === null) return <Status value={String(state)} />;
  const { status, ...rest } = state as Record<string, unknown>;
  return (
    <span className="flex flex-wrap items-center gap-2">
      {typeof status === "string" && <Status value={status} />}
      <span className="text-[13px] text-ink-faint">{Object.entries(rest).filter(([, value]) => !Array.isArray(value) || value.length > 0).map(([name, value]) => `${t(`health_fact.${name}`, { defaultValue: name })}: ${typeof value === "number" ? number(value) : Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value)}`).join(" · ")}</span>
    </span>
  );
}

function Schedules() {
  const { t } = useTranslation();
  const schedules = useQuery({ queryKey: ["schedules"], queryFn: () => data(api.GET("/api/v1/admin/schedules", {})), refetchInterval: REFRESH_MS });
  return (
    <Card title={t("health.schedules")} isFlush>
      <div className="px-4">
        <Ask query={schedules}>
          {({ items }) => (
            <ul className="divide-y divide-line">
              {items.map((one) => (
                <li key={one.job} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2.5">
                  <span className="font-mono text-[13px]">{one.job}</span>
                  <span className="text-[13px] text-ink-soft">{t("health.ran")} <Moment at={one.last_run_at} /> · {t("health.next")} <Moment at={one.next_run_at} /></span>
                </li>
              ))}
            </ul>
          )}
        </Ask>
      </div>
    </Card>
  );
}

const TONES: Record<string, Tone> = { ok: "good", warning: "warn", error: "bad" };

function Doctor() {
  const { t } = useTranslation();
  const examine = useMutation({ mutationFn: () => data(api.POST("/api/v1/admin/health/examine", {})) });
  return (
    <Card title={t("health.doctor")} className="lg:col-span-2" actions={<Button size="sm" isBusy={examine.isPending} onClick={() => examine.mutate()}>{!examine.isPending && <Stethoscope aria-hidden />}{t("health.examine")}</Button>}>
      {examine.isError && <LoadFailed error={examine.error} />}
      {!examine.data && !examine.isError && <p className="text-ink-soft">{t("health.doctor_text")}</p>}
      {examine.data && (
        <ul className="grid gap-3">
          {examine.data.items.map((finding, index) => (
            <li key={index} className="flex items-start gap-3">
              <Badge tone={TONES[finding.state] ?? "mute"} className="mt-0.5">{t(`finding.${finding.state}`, { defaultValue: finding.state })}</Badge>
              <div className="min-w-0"><span className="font-medium">{t(`dependency.${finding.name}`, { defaultValue: finding.name })}</span> <span className="break-words text-ink-soft">{finding.detail}</span>{finding.advice && <p className="text-warn">{finding.advice}</p>}</div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
