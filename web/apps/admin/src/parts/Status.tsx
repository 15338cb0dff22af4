import { useTranslation } from "@kassa/i18n";
import { Badge, type Tone } from "@kassa/ui";

const TONES: Record<string, Tone> = {
  active: "good", answered: "good", paid: "good", succeeded: "good", done: "good", ok: "good", settled: "good", completed: "good", applied: "good", clean: "good", handled: "good", enabled: "good",
  pending: "info", new: "info", waiting: "info", running: "info", processing: "info", created: "info", queued: "info", scheduled: "info", sent: "info", received: "info", streaming: "info",
  refunded: "warn", stopped: "mute", partially_refunded: "warn", review: "warn", resting: "warn", degraded: "warn", unknown: "warn", expiring: "warn", draining: "warn", scanning: "warn", postponed: "warn",
  failed: "bad", banned: "bad", blocked: "bad", error: "bad", infected: "bad", dead: "bad", refused: "bad", invalid: "bad", down: "bad", denied: "bad",
};

/** A state of the API in the person's language, coloured by what it means. */
export function Status({ value, tone }: { value: string; tone?: Tone }) {
  const { t } = useTranslation();
  return <Badge tone={tone ?? TONES[value] ?? "mute"}>{t(`status.${value}`, { defaultValue: value })}</Badge>;
}
