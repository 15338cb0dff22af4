import { useTranslation } from "@kassa/i18n";
import { Button, Card, Field, Input, NativeSelect } from "@kassa/ui";
import { useState, type FormEvent } from "react";
import { Explanation } from "./Explanation";

const ACTIONS = ["ai.request", "api.request", "bot.command", "http.request", "http.register", "http.login", "http.mail", "ws.connect", "file.upload"];

/** Would this be refused, and by which rule? Tried without counting anything. */
export function Trial() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ trial: { action: string; subject: Record<string, string> }; at: number } | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { action, ...given } = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    const subject = Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim()));
    setAsked({ trial: { action: action ?? "", subject }, at: Date.now() });
  };
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[2fr_3fr]">
      <Card title={t("policy.question")}>
        <form onSubmit={submit} className="grid gap-4">
          <Field label={t("audit.action")}><NativeSelect name="action">{ACTIONS.map((action) => <option key={action}>{action}</option>)}</NativeSelect></Field>
          <Field label={t("policy.customer_id")} hint={t("policy.customer_hint")}><Input name="customer_id" className="font-mono" pattern="[0-9a-fA-F\-]{36}" /></Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t("policy.tier")}><Input name="tier" placeholder="free" /></Field>
            <Field label={t("policy.address")}><Input name="ip" placeholder="203.0.113.7" className="font-mono" /></Field>
            <Field label={t("policy.method")}><Input name="method" placeholder="POST" /></Field>
            <Field label={t("policy.path")}><Input name="path" placeholder="/api/v1/..." className="font-mono" /></Field>
          </div>
          <Button type="submit" look="primary" className="justify-self-start">{t("policy.ask")}</Button>
        </form>
      </Card>
      <Card title={t("policy.answer")}>{asked ? <Explanation key={asked.at} trial={asked.trial} /> : <p className="text-ink-soft">{t("policy.answer_hint")}</p>}</Card>
    </div>
  );
}
