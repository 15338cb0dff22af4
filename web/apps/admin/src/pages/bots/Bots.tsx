import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, MenuItem, MenuLine } from "@kassa/ui";
import { Bot as BotIcon, FileText, Globe, Pencil, Plus, Power, PowerOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { useGo } from "../../app/nav";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { useVerb } from "../../parts/useVerb";
import { BotDialog } from "./BotDialog";
import { ConnectDialog } from "./ConnectDialog";

export type Bot = Row<"/api/v1/admin/bots">;

/** The bots of the organization and its site: what each sells, in which languages, and whether it works. */
export default function Bots() {
  const { t } = useTranslation();
  const { language } = useFormats();
  const [isConnecting, setConnecting] = useState(false);
  const [edited, setEdited] = useState<Bot | null>(null);
  const [danger, setDanger] = useState<Danger | null>(null);
  const offer = (names: string[] | null | undefined) => (names ? t("bot.chosen", { count: names.length }) : t("bot.everything"));
  const columns: Column<Bot>[] = [
    { id: "name", label: t("subject.bot"), cell: (bot) => <Name bot={bot} /> },
    { id: "state", label: t("staff.status"), cell: (bot) => <BotState bot={bot} /> },
    { id: "locales", label: t("bot.locales"), cell: (bot) => bot.locales.map((code) => (code === bot.default_locale ? `${language(code)} ★` : language(code))).join(", ") },
    { id: "plans", label: t("page.plans"), cell: (bot) => offer(bot.plans) },
    { id: "models", label: t("page.models"), cell: (bot) => offer(bot.models) },
  ];
  return (
    <>
      <ListPage
        path="/api/v1/admin/bots"
        title={t("page.bots")}
        description={t("bot.about")}
        columns={columns}
        buttons={<Button look="primary" onClick={() => setConnecting(true)}><Plus aria-hidden />{t("bot.connect")}</Button>}
        actions={(bot) => <Verbs bot={bot} onEdit={() => setEdited(bot)} onDanger={setDanger} />}
      />
      {isConnecting && <ConnectDialog onClose={() => setConnecting(false)} />}
      {edited && <BotDialog bot={edited} onClose={() => setEdited(null)} />}
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}

function Name({ bot }: { bot: Bot }) {
  const Icon = bot.kind === "telegram" ? BotIcon : Globe;
  return (
    <span className="flex items-center gap-3">
      <span className="grid size-8 shrink-0 place-items-center rounded-full bg-brand-soft text-brand-text"><Icon aria-hidden className="size-4" /></span>
      <span className="min-w-0"><span className="block truncate font-medium">{bot.name}</span>{bot.username && <span className="block truncate text-[13px] text-ink-faint">@{bot.username}</span>}</span>
    </span>
  );
}

function BotState({ bot }: { bot: Bot }) {
  const { t } = useTranslation();
  if (!bot.enabled) return <Badge>{t("status.off")}</Badge>;
  if (bot.problem) return <span title={bot.problem}><Badge tone="bad">{t("bot.problem")}</Badge></span>;
  if (bot.kind === "telegram" && !bot.is_connected) return <Badge tone="info">{t("bot.connecting")}</Badge>;
  return <Badge tone="good">{t("status.on")}</Badge>;
}

function Verbs({ bot, onEdit, onDanger }: { bot: Bot; onEdit(): void; onDanger(danger: Danger): void }) {
  const { t } = useTranslation();
  const can = useCan();
  const go = useGo();
  const flip = useVerb(() => api.PUT("/api/v1/admin/bots/{bot_id}", { params: { path: { bot_id: bot.id } }, body: { enabled: !bot.enabled } }), t("profile.saved"));
  const remove: Danger = {
    title: t("bot.remove_title", { name: bot.name }),
    consequence: t("bot.remove_text"),
    confirm: t("bot.remove"),
    done: t("bot.removed"),
    run: (reason) => api.DELETE("/api/v1/admin/bots/{bot_id}", { params: { path: { bot_id: bot.id }, query: { reason } } }),
  };
  return (
    <>
      <MenuItem icon={<Pencil />} onSelect={onEdit}>{t("action.change")}</MenuItem>
      {can("i18n.texts.edit") && <MenuItem icon={<FileText />} onSelect={() => go("/texts", { bot: bot.id })}>{t("page.texts")}</MenuItem>}
      <MenuItem icon={bot.enabled ? <PowerOff /> : <Power />} onSelect={() => flip.mutate()}>{bot.enabled ? t("action.off") : t("action.on")}</MenuItem>
      {bot.kind === "telegram" && <><MenuLine /><MenuItem icon={<Trash2 />} isDanger onSelect={() => onDanger(remove)}>{t("bot.remove")}</MenuItem></>}
    </>
  );
}
