import { data, type Got, type Schema } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Copy, Dialog, Field, NativeSelect, Note } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useEffect, useState } from "react";
import { api } from "../../app/api";
import { Ask } from "../../parts/Ask";
import { Moment } from "../../parts/Moment";
import { useVerb } from "../../parts/useVerb";

/** A picture of its own needs to say what it is; inside a page it would not. */
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" ';
const LOOK_AGAIN_MS = 2000;

type State = Got<"/api/v1/admin/me/telegram">;
type Link = Schema["StaffLinkOut"];

const query = { queryKey: ["me", "telegram"], queryFn: () => data(api.GET("/api/v1/admin/me/telegram", {})) };

/** The panel in Telegram: one's own account there, tied by a link that works once. */
export function Telegram() {
  const { t } = useTranslation();
  const found = useQuery(query);
  const isLinked = found.data?.telegram_id != null;
  return (
    <Card title={t("telegram.title")} actions={found.data && <Badge tone={isLinked ? "good" : "mute"}>{isLinked ? t("telegram.on") : t("telegram.off")}</Badge>}>
      <p className="mb-4 text-ink-soft">{t("telegram.about")}</p>
      <Ask query={found} lines={2}>{(state) => (isLinked ? <Linked state={state} /> : <Unlinked state={state} />)}</Ask>
    </Card>
  );
}

function Linked({ state }: { state: State }) {
  const { t } = useTranslation();
  const [isLeaving, setLeaving] = useState(false);
  const unlink = useVerb(() => api.DELETE("/api/v1/admin/me/telegram", {}), t("telegram.unlinked"), () => setLeaving(false));
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <div className="flex min-w-0 flex-1 items-center gap-3">
        <Send aria-hidden className="size-5 shrink-0 text-ink-faint" />
        <div className="min-w-0">
          <div className="truncate font-medium">{state.name}</div>
          <div className="text-[13px] text-ink-faint"><span className="font-mono">{state.telegram_id}</span> · <Moment at={state.linked_at} /></div>
        </div>
      </div>
      <Button look="danger" onClick={() => setLeaving(true)}>{t("telegram.unlink")}</Button>
      {isLeaving && (
        <Dialog isOpen onClose={() => setLeaving(false)} size="sm" title={t("telegram.unlink_title")} description={t("telegram.unlink_text")} closeLabel={t("action.close")} footer={<Button look="dangerous" isBusy={unlink.isPending} onClick={() => unlink.mutate()}>{t("telegram.unlink")}</Button>}>
          <p className="font-medium">{state.name}</p>
        </Dialog>
      )}
    </div>
  );
}

function Unlinked({ state }: { state: State }) {
  const { t } = useTranslation();
  const [bot, setBot] = useState("");
  const begin = useVerb((bot_id: string) => data(api.POST("/api/v1/admin/me/telegram", { body: { bot_id } })));
  const first = state.bots[0];
  if (!first) return <Note>{t("telegram.no_bots")}</Note>;
  return (
    <div className="flex flex-wrap items-end gap-3">
      {state.bots.length > 1 && (
        <Field label={t("telegram.bot")} className="min-w-48 flex-1">
          <NativeSelect value={bot || first.id} onChange={(event) => setBot(event.target.value)}>{state.bots.map((each) => <option key={each.id} value={each.id}>{each.name} · @{each.username}</option>)}</NativeSelect>
        </Field>
      )}
      <Button look="primary" isBusy={begin.isPending} onClick={() => begin.mutate(bot || first.id)}>{t("telegram.link")}</Button>
      {begin.data && <Opened link={begin.data} onClose={() => begin.reset()} />}
    </div>
  );
}

/** The link and its QR code; closes by itself once the account is tied. */
function Opened({ link, onClose }: { link: Link; onClose(): void }) {
  const { t } = useTranslation();
  const { exact } = useFormats();
  const found = useQuery({ ...query, refetchInterval: LOOK_AGAIN_MS });
  const isDone = found.data?.telegram_id != null;
  useEffect(() => {
    if (isDone) onClose();
  }, [isDone, onClose]);
  return (
    <Dialog isOpen onClose={onClose} size="sm" title={t("telegram.open_title")} description={t("telegram.open_text", { bot: link.bot.username })} closeLabel={t("action.close")} footer={<Button look="primary" asChild><a href={link.url} target="_blank" rel="noreferrer"><Send aria-hidden />{t("telegram.open")}</a></Button>}>
      <div className="grid grid-cols-[minmax(0,1fr)] justify-items-center gap-4">
        {/* As a picture from a data address: markup of the answer never becomes part of the page. */}
        <img alt={t("telegram.picture")} src={`data:image/svg+xml,${encodeURIComponent(link.qr_svg.replace("<svg ", SVG))}`} className="size-60 rounded-lg bg-white p-2" />
        <Copy value={link.url} shown={`t.me/${link.bot.username}?start=…`} label={t("action.copy")} />
        <p className="text-[13px] text-ink-faint">{t("telegram.until", { at: exact(link.expires_at) })}</p>
      </div>
    </Dialog>
  );
}
