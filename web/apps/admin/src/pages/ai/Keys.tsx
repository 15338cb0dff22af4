import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Button, MenuItem, MenuLine, type Tone } from "@kassa/ui";
import { KeyRound, Plus, Power, PowerOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { Moment } from "../../parts/Moment";
import { useVerb } from "../../parts/useVerb";
import { KeyDialog } from "./KeyDialog";

type Key = Row<"/api/v1/admin/ai/keys">;

const TONES: Record<string, Tone> = { active: "good", cooldown: "warn", exhausted: "bad", disabled: "mute" };

/** Keys of providers, without their secrets: which work, which rest, which are out of money. */
export default function Keys() {
  const { t } = useTranslation();
  const mayEdit = useCan()("ai.edit");
  const [isAdding, setAdding] = useState(false);
  const [danger, setDanger] = useState<Danger | null>(null);
  const flip = useVerb((key: Key) => api.PUT("/api/v1/admin/ai/keys/{key_id}", { params: { path: { key_id: key.id } }, body: { is_enabled: key.state === "disabled", reason: "" } }), t("profile.saved"));
  const columns: Column<Key>[] = [
    { id: "title", label: t("key.one"), cell: (key) => <span className="flex items-center gap-3"><KeyRound aria-hidden className="size-4 shrink-0 text-ink-faint" /><span><span className="block font-medium">{key.source === "settings" ? t("key.from_settings") : key.title || key.endpoint}</span>{key.hint.length > 1 && <span className="block font-mono text-[13px] text-ink-faint">{key.hint}</span>}</span></span> },
    { id: "endpoint", label: t("endpoint.one"), cell: (key) => key.endpoint },
    { id: "state", label: t("staff.status"), cell: (key) => <span className="inline-grid gap-0.5"><Badge tone={TONES[key.state] ?? "mute"}>{t(`key_state.${key.state}`, { defaultValue: key.state })}</Badge>{key.until && <span className="text-[13px] text-ink-faint">{t("customer.until")} <Moment at={key.until} isExact /></span>}</span> },
    { id: "reason", label: t("sale.reason"), cell: (key) => <span className="line-clamp-2 text-ink-soft">{key.reason || "—"}</span>, isWide: true },
    { id: "weight", label: t("route.weight"), cell: (key) => key.weight, isNumber: true, isExtra: true },
    { id: "fails", label: t("key.fails"), cell: (key) => key.fails, isNumber: true },
    { id: "ok", label: t("key.last_ok"), cell: (key) => <Moment at={key.last_ok_at} />, isNumber: true },
  ];
  const remove = (key: Key): Danger => ({
    title: t("key.remove_title", { name: key.title || key.hint }),
    consequence: t("key.remove_text"),
    confirm: t("key.remove"),
    done: t("key.removed"),
    run: (reason) => api.DELETE("/api/v1/admin/ai/keys/{key_id}", { params: { path: { key_id: key.id }, query: { reason } } }),
  });
  return (
    <>
      <ListPage
        path="/api/v1/admin/ai/keys"
        title={t("page.keys")}
        description={t("key.about")}
        searchHint={t("key.search")}
        columns={columns}
        buttons={mayEdit && <Button look="primary" onClick={() => setAdding(true)}><Plus aria-hidden />{t("key.add")}</Button>}
        actions={mayEdit ? (key) => <><MenuItem icon={key.state === "disabled" ? <Power /> : <PowerOff />} onSelect={() => flip.mutate(key)}>{key.state === "disabled" ? t("action.on") : t("action.off")}</MenuItem><MenuLine /><MenuItem icon={<Trash2 />} isDanger onSelect={() => setDanger(remove(key))}>{t("key.remove")}</MenuItem></> : undefined}
      />
      {isAdding && <KeyDialog onClose={() => setAdding(false)} />}
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}
