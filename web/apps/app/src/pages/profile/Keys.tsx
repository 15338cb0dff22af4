import { data, type Row, type Schema } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api } from "../../app/session";
import { Button, IconButton } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Copy } from "../../ui/Copy";
import { Field } from "../../ui/Field";
import { Cell, Section } from "../../ui/Section";
import { Sheet } from "../../ui/Sheet";
import { Empty, Skeleton } from "../../ui/States";
import { Problem } from "../signin/Paper";
import { useAttempt } from "../signin/useAttempt";

type Key = Row<"/api/v1/auth/keys">;

/** Keys for programs: any OpenAI client works with one and our address. */
export default function Keys() {
  const { t, format } = useI18n();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Schema["NewKeyOut"] | null>(null);
  const [leaving, setLeaving] = useState<Key | null>(null);
  const query = useQuery({ queryKey: ["keys"], queryFn: () => data(api.GET("/api/v1/auth/keys")).then((page) => page.items) });
  async function revoke() {
    await data(api.DELETE("/api/v1/auth/keys/{key_id}", { params: { path: { key_id: leaving!.id } } }));
    await query.refetch();
  }
  const base = `${location.origin}/v1`;
  const end = (key: Key) => (key.expires_at ? t("keys.until", { date: format.day(key.expires_at) }) : key.last_used_at ? t("keys.used", { ago: format.ago(key.last_used_at) }) : t("keys.unused"));
  return (
    <Screen title={t("keys.title")} back="/profile" action={<IconButton label={t("keys.new")} onClick={() => setMaking(true)}><Plus /></IconButton>} onRefresh={query.refetch}>
      <Section note={t("keys.about")}><Cell title={t("keys.address")} hint={base} end={<Copy text={base} />} /></Section>
      {query.isPending && <Skeleton rows={2} />}
      {query.isError && <LoadFailed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <Empty icon={<KeyRound />} title={t("keys.none")} action={<Button onClick={() => setMaking(true)}>{t("keys.new")}</Button>}>{t("keys.none_hint")}</Empty>}
      {!!query.data?.length && (
        <Section>
          {query.data.map((key) => (
            <Cell key={key.id} icon={<KeyRound />} title={key.name} hint={`${key.prefix}… · ${end(key)}`} end={<IconButton label={t("keys.revoke")} onClick={() => setLeaving(key)}><Trash2 /></IconButton>} />
          ))}
        </Section>
      )}
      {isMaking && <NewKey onClose={() => setMaking(false)} onMade={(key) => { setMaking(false); setMade(key); void query.refetch(); }} />}
      {made && (
        <Sheet title={t("keys.made")} onClose={() => setMade(null)}>
          <p className="px-1 text-[15px] text-ink-soft">{t("keys.made_hint")}</p>
          <p className="flex items-center gap-2 rounded-2xl bg-sheet p-4"><code className="min-w-0 flex-1 text-[15px] break-all">{made.secret}</code><Copy text={made.secret} /></p>
          <Button isWide onClick={() => setMade(null)}>{t("keys.kept")}</Button>
        </Sheet>
      )}
      {leaving && <Confirm title={t("keys.revoke_title", { name: leaving.name })} text={t("keys.revoke_text")} action={t("keys.revoke")} onConfirm={revoke} onClose={() => setLeaving(null)} />}
    </Screen>
  );
}

function NewKey({ onClose, onMade }: { onClose(): void; onMade(key: Schema["NewKeyOut"]): void }) {
  const { t } = useI18n();
  const { isBusy, problem, onSubmit } = useAttempt(async ({ name, until }) => {
    const expires_at = until ? new Date(`${until}T23:59:59`).toISOString() : null;
    onMade(await data(api.POST("/api/v1/auth/keys", { body: { name: name!, scopes: [], expires_at } })));
  });
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  return (
    <Sheet title={t("keys.new")} onClose={onClose}>
      <form onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
        <Field label={t("keys.name")} hint={t("keys.name_hint")} name="name" required maxLength={100} autoFocus />
        <Field label={t("keys.expires")} hint={t("keys.expires_hint")} name="until" type="date" min={tomorrow} />
        <Problem text={problem} />
        <Button type="submit" isWide isBusy={isBusy}>{t("keys.make")}</Button>
      </form>
    </Sheet>
  );
}
