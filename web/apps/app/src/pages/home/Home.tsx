import { ArrowRight, Clock3, MessageCircle, ShieldCheck } from "lucide-react";
import { Link } from "wouter";
import { refreshAccount, tokensOf, useAccount, useMe, type Account } from "../../app/account";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { queries } from "../../app/session";
import { Cell, Section } from "../../ui/Section";
import { Skeleton } from "../../ui/States";
import { buttonClass } from "../../ui/Button";
import { OrderCell } from "../orders/OrderCell";
import { useOrders } from "../orders/useOrders";
import { Week } from "./Week";

export function Home() {
  const { t } = useI18n();
  const { data: me } = useMe();
  const account = useAccount();
  const refresh = () => Promise.all([refreshAccount(), queries.invalidateQueries({ queryKey: ["me"] })]);
  const name = me && !me.is_guest ? me.name.split(" ")[0] : "";
  return (
    <Screen title={name ? t("home.hello", { name }) : t("home.title")} onRefresh={refresh}>
      {account.data ? <Balance account={account.data} /> : account.isError ? <LoadFailed error={account.error} onRetry={() => void account.refetch()} /> : <Skeleton className="h-44 rounded-3xl" />}
      {me?.is_guest && (
        <Section><Cell icon={<ShieldCheck />} title={t("home.guest")} hint={t("home.guest_hint")} to="/profile/account" /></Section>
      )}
      <Section><Cell icon={<MessageCircle />} title={t("home.ask")} hint={t("home.ask_hint")} to="/chat" /></Section>
      <Week />
      <Orders />
    </Screen>
  );
}

/** What can be spent, and until when: the first thing one wants to know. */
function Balance({ account }: { account: Account }) {
  const { t, format } = useI18n();
  const tokens = tokensOf(account);
  const grants = (tokens?.grants ?? []).filter((grant) => grant.expires_at !== null);
  const soon = grants[0];
  return (
    <section aria-label={t("home.balance")} className="grid gap-5 rounded-3xl bg-brand p-5 text-brand-ink shadow-[0_12px_32px_-12px_rgb(var(--shadow)/0.45)]">
      <div className="grid gap-1">
        <p className="text-[15px] opacity-85">{t("home.balance")}</p>
        <p className="flex flex-wrap items-baseline gap-x-2.5">
          <span className="text-[44px] leading-none font-bold tracking-tight tabular-nums">{format.number(tokens?.available ?? 0)}</span>
          <span className="text-[17px] opacity-85">{t("home.tokens", { count: tokens?.available ?? 0 })}</span>
        </p>
        {!!tokens?.held && <p className="text-[14px] opacity-85">{t("home.held", { count: tokens.held })}</p>}
      </div>
      {(soon || account.entitlements.length > 0) && (
        <ul className="grid gap-1.5 text-[15px]">
          {soon && <li className="flex items-center gap-2"><Clock3 aria-hidden className="size-4.5 shrink-0 opacity-85" />{t("home.expires", { count: soon.remaining, date: format.day(soon.expires_at!) })}</li>}
          {account.entitlements.filter((one) => one.kind !== "plan").map((one) => (
            <li key={`${one.kind}${one.plan}`} className="flex items-center gap-2"><ShieldCheck aria-hidden className="size-4.5 shrink-0 opacity-85" />{t(`home.entitlement.${one.kind}`, { date: format.day(one.ends_at) })}</li>
          ))}
        </ul>
      )}
      <Link href="/plans" className={buttonClass("primary", "normal", true) + " !bg-brand-ink !text-brand"}>{t("home.buy")}<ArrowRight aria-hidden /></Link>
    </section>
  );
}

/** The last purchases; one that waits to be paid is not forgotten. */
function Orders() {
  const { t } = useI18n();
  const orders = useOrders();
  const last = orders.items.slice(0, 3);
  if (!last.length) return null;
  return (
    <Section title={t("orders.title")} action={orders.items.length > 3 && <Link href="/orders" className="text-[15px] text-brand-text hover:underline">{t("action.all")}</Link>}>
      {last.map((order) => <OrderCell key={order.id} order={order} />)}
    </Section>
  );
}
