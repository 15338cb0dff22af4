import { useFormats, useTranslation } from "@kassa/i18n";
import { Button, Card, Copy, Facts, Figure, Note, Textarea } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { Ask } from "../../parts/Ask";
import { deviceOf } from "../../parts/device";
import { Moment } from "../../parts/Moment";
import { useVerb } from "../../parts/useVerb";
import type { Card as CustomerCard } from "./Customer";
import { balancesQuery, banQuery, sessionsQuery, useLevels } from "./queries";

/** Who the customer is, what they have, and what staff should remember. */
export function Overview({ one }: { one: CustomerCard }) {
  const { t } = useTranslation();
  const { exact } = useFormats();
  const ban = useQuery({ ...banQuery(one.id), enabled: useCan()("policies.view") });
  return (
    <div className="grid gap-5">
      {ban.data && <Note tone="bad">{t("ban.state", { at: exact(ban.data.created_at), reason: ban.data.reason })}</Note>}
      <div className="grid items-start gap-5 lg:grid-cols-[3fr_2fr]">
        <div className="grid gap-5">
          <Balances id={one.id} />
          <NoteCard one={one} />
        </div>
        <div className="grid gap-5">
          <Profile one={one} />
          <SessionsCard id={one.id} />
        </div>
      </div>
    </div>
  );
}

function Balances({ id }: { id: string }) {
  const { t } = useTranslation();
  const { number, money } = useFormats();
  const account = useQuery(balancesQuery(id));
  return (
    <Card title={t("customer.has")}>
      <Ask query={account} lines={4}>
        {({ items }) => (
          <div className="grid gap-5">
            {items.length === 0 && <p className="text-ink-soft">{t("customer.has_nothing")}</p>}
            {items.map((balance) => (
              <div key={balance.asset}>
                <Figure label={t(`asset.${balance.asset}`, { defaultValue: balance.asset })} value={money({ units: balance.available, asset: balance.asset })} note={balance.held > 0 ? t("customer.held", { amount: money({ units: balance.held, asset: balance.asset }) }) : undefined} />
                {balance.grants.length > 0 && (
                  <ul className="mt-3 divide-y divide-line border-t border-line">
                    {balance.grants.map((grant, index) => (
                      <li key={index} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
                        <span className="figures"><span className="font-medium">{number(grant.remaining)}</span> <span className="text-ink-faint">{t("customer.of", { amount: number(grant.amount) })}</span></span>
                        <span className="text-[13px] text-ink-soft">{t(`grant.${grant.source}`, { defaultValue: grant.source })} · {grant.expires_at ? <>{t("customer.until")} <Moment at={grant.expires_at} isExact /></> : t("customer.forever")}</span>
                      </li>
                    ))}
                  </ul>
                )}
              </div>
            ))}
          </div>
        )}
      </Ask>
    </Card>
  );
}

function NoteCard({ one }: { one: CustomerCard }) {
  const { t } = useTranslation();
  const mayEdit = useCan()("identity.customers.edit");
  const [note, setNote] = useState(one.note);
  const saving = useVerb(() => api.PUT("/api/v1/admin/customers/{customer_id}", { params: { path: { customer_id: one.id } }, body: { note } }), t("profile.saved"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Card title={t("customer.note")}>
      <form onSubmit={submit} className="grid gap-3">
        <Textarea aria-label={t("customer.note")} placeholder={t("customer.note_hint")} value={note} maxLength={4000} readOnly={!mayEdit} onChange={(event) => setNote(event.target.value)} />
        {mayEdit && <Button type="submit" className="justify-self-start" disabled={note === one.note} isBusy={saving.isPending}>{t("action.save")}</Button>}
      </form>
    </Card>
  );
}

function Profile({ one }: { one: CustomerCard }) {
  const { t } = useTranslation();
  const { language } = useFormats();
  const levels = useLevels();
  return (
    <Card title={t("customer.profile")}>
      <Facts
        items={[
          ["Telegram", one.username ? `@${one.username}` : "—"],
          [t("customer.telegram_id"), one.telegram_id ? <Copy key="telegram" value={String(one.telegram_id)} label={t("action.copy")} /> : "—"],
          [t("signin.email"), one.email ? <>{one.email}{!one.is_email_verified && <span className="text-ink-faint"> · {t("customer.unverified")}</span>}</> : "—"],
          [t("customer.locale"), one.locale ? language(one.locale) : "—"],
          [t("customer.level"), levels.name(one.level) || "—"],
          [t("customer.seen"), <Moment key="seen" at={one.seen_at} />],
          [t("customer.since"), <Moment key="since" at={one.created_at} isExact />],
          [t("customer.id"), <Copy key="id" value={one.id} shown={one.id.slice(-12)} label={t("action.copy")} />],
        ]}
      />
    </Card>
  );
}

function SessionsCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const found = useQuery(sessionsQuery(id));
  return (
    <Card title={t("customer.sessions")}>
      <Ask query={found} lines={2}>
        {({ items }) =>
          items.length === 0 ? <p className="text-ink-soft">{t("customer.no_sessions")}</p> : (
            <ul className="grid gap-2.5">
              {items.map((each) => (
                <li key={each.id} className="flex flex-wrap items-baseline justify-between gap-x-4" title={each.user_agent}>
                  <span>{deviceOf(each.user_agent) || t("profile.unknown_device")}</span>
                  <span className="text-[13px] text-ink-faint"><span className="font-mono">{each.ip}</span> · <Moment at={each.used_at} /></span>
                </li>
              ))}
            </ul>
          )
        }
      </Ask>
    </Card>
  );
}
