import { data } from "@kassa/api";
import type { Locale } from "@kassa/i18n";
import { useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Field, Note, Textarea } from "@kassa/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useEffect, useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useErrorText } from "../../app/problems";
import { Markdown } from "../../parts/Markdown";
import { useVerb } from "../../parts/useVerb";
import type { Text } from "./Texts";

/** Facts that look right in a preview; what is a number in the text is a number here. */
const EXAMPLES: Record<string, string | number> = { name: "Vera", count: 3, tokens: 150000, amount: "98 ₽", days: 7, number: 1001, price: 1000, balance: 150000, email: "vera@example.com" };

/** One text of a bot with a preview as the customer will read it. */
export function TextEditor({ text, botId, locale }: { text: Text; botId: string; locale: Locale }) {
  const { t } = useTranslation();
  const problem = useErrorText();
  const [draft, setDraft] = useState(text.own ?? text.default);
  const shown = useLater(draft);
  const path = { bot_id: botId, locale, key: text.key };
  const facts = Object.fromEntries(text.facts.map((name) => [name, EXAMPLES[name] ?? name]));
  const preview = useQuery({
    queryKey: ["preview", path, shown],
    queryFn: () => data(api.POST("/api/v1/admin/bots/{bot_id}/texts/{locale}/{key}/preview", { params: { path }, body: { text: shown, facts } })),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const saving = useVerb(() => api.PUT("/api/v1/admin/bots/{bot_id}/texts/{locale}/{key}", { params: { path }, body: { text: draft, facts: {} } }), t("text.saved"));
  const reset = useVerb(() => api.DELETE("/api/v1/admin/bots/{bot_id}/texts/{locale}/{key}", { params: { path } }), t("text.reset_done"), () => setDraft(text.default));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Card title={<span className="font-mono text-[13px]">{text.key}</span>} actions={text.own !== null && <Button size="sm" isBusy={reset.isPending} onClick={() => reset.mutate()}><RotateCcw aria-hidden />{t("text.reset")}</Button>}>
      <form onSubmit={submit} className="grid gap-4">
        <Field label={t("text.text")} hint={t("text.hint")}><Textarea rows={7} value={draft} maxLength={4000} onChange={(event) => setDraft(event.target.value)} className="font-mono text-[13px]" /></Field>
        {text.facts.length > 0 && <div className="flex flex-wrap items-center gap-1.5"><span className="text-[13px] text-ink-faint">{t("text.facts")}</span>{text.facts.map((name) => <Badge key={name} hasDot={false} className="font-mono">{`{ $${name} }`}</Badge>)}</div>}
        <section>
          <h3 className="mb-1.5 text-[13px] font-medium">{t("text.preview")}</h3>
          {preview.isError ? <Note tone="bad">{problem(preview.error)}</Note> : <div className="min-h-16 rounded-lg rounded-bl-sm bg-good-soft px-3.5 py-2.5 whitespace-pre-wrap break-words text-ink">{preview.data ? <Markdown text={preview.data.text} /> : "…"}</div>}
        </section>
        <div className="flex gap-2">
          <Button type="submit" look="primary" disabled={draft === (text.own ?? text.default) || preview.isError} isBusy={saving.isPending}>{t("action.save")}</Button>
          {draft !== (text.own ?? text.default) && <Button onClick={() => setDraft(text.own ?? text.default)}>{t("roles.discard")}</Button>}
        </div>
      </form>
    </Card>
  );
}

/** The value as it was a moment ago: a preview is not asked for at every key. */
function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), 300);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}
