import { data } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, Clock3, Undo2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link, Redirect } from "wouter";
import { refreshAccount } from "../../app/account";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api } from "../../app/session";
import { haptic, openLink } from "../../app/telegram";
import { buttonClass } from "../../ui/Button";
import { PrimaryAction } from "../../ui/PrimaryAction";
import { Cell, Section } from "../../ui/Section";
import { Badge, Skeleton } from "../../ui/States";
import { toneOf } from "./OrderCell";
import { payingNow, rememberPaying } from "./paying";
import { isPaidFor, type Order as OrderOut } from "./useOrders";

/** Often at first, ever more seldom afterwards: an address may ask only so often an hour. */
const pause = (looks: number): number => (looks < 20 ? 2000 : looks < 40 ? 6000 : 20_000);

/** One order: what came of it, and what to do now. While it waits for the payment it is looked at again and again. */
export default function Order({ id }: { id: string }) {
  const { t } = useI18n();
  const wanted = id === "current" ? payingNow() : id;
  const query = useQuery({
    queryKey: ["orders", wanted],
    enabled: wanted !== null,
    queryFn: () => data(api.GET("/api/v1/billing/orders/{order_id}", { params: { path: { order_id: wanted! } } })),
    refetchInterval: ({ state }) => (state.data?.status === "pending" ? pause(state.dataUpdateCount) : false),
    refetchOnWindowFocus: "always",
    refetchIntervalInBackground: false,
  });
  const order = query.data;
  const before = useRef(order?.status);
  useEffect(() => {
    if (before.current === "pending" && order && order.status !== "pending") {
      haptic(isPaidFor(order) ? "success" : "error");
      void refreshAccount();
    }
    before.current = order?.status;
  }, [order?.status]);
  if (wanted === null) return <Redirect to="/orders" replace />;
  return (
    <Screen title={t("orders.one")} back="/orders" onRefresh={query.refetch}>
      {order ? <Card order={order} /> : query.isError ? <LoadFailed error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton className="h-72 rounded-3xl" />}
    </Screen>
  );
}

const ICONS = { good: CircleCheck, warn: Clock3, bad: CircleX, mute: Undo2 };
const INKS = { good: "text-good bg-good-soft", warn: "text-warn bg-warn-soft", bad: "text-bad bg-bad-soft", mute: "text-ink-soft bg-mute-soft" };

function Card({ order }: { order: OrderOut }) {
  const { t, format, locale } = useI18n();
  const tone = toneOf(order);
  const Icon = ICONS[tone];
  const address = order.payment.confirmation_url;
  function pay() {
    rememberPaying(order.id);
    openLink(address!);
  }
  return (
    <>
      <section className="grid animate-rise justify-items-center gap-2 rounded-3xl bg-sheet px-5 py-8 text-center" role="status">
        <span className={`mb-1 grid size-16 place-items-center rounded-full ${INKS[tone]}`}><Icon aria-hidden className="size-8" /></span>
        <p className="text-[22px] font-bold tracking-tight">{t(`orders.title.${order.status}`)}</p>
        <p className="max-w-80 text-ink-soft">{t(`orders.hint.${order.status}`, { count: order.tokens })}</p>
      </section>
      <Section>
        <Cell title={t("orders.plan")} end={<span className="text-ink">{order.names[locale] ?? order.plan}</span>} />
        <Cell title={t("orders.amount")} end={<span className="text-ink">{format.money(order.amount)}</span>} />
        <Cell title={t("orders.way")} end={t(`way.${order.payment.provider}`)} />
        <Cell title={t("orders.number")} end={format.no(order.number)} />
        <Cell title={t("orders.created")} end={format.time(order.created_at)} />
        {order.paid_at && <Cell title={t("orders.paid")} end={format.time(order.paid_at)} />}
        <Cell title={t("orders.state")} end={<Badge tone={tone}>{t(`orders.status.${order.status}`)}</Badge>} />
      </Section>
      {isPaidFor(order) && <Link href="/chat" className={buttonClass("primary", "normal", true)}>{t("home.ask")}</Link>}
      {order.status === "failed" && <Link href={`/plans/${order.plan}`} className={buttonClass("primary", "normal", true)}>{t("orders.again")}</Link>}
      {order.status === "pending" && address && <PrimaryAction action={{ text: t("orders.go_pay", { price: format.money(order.amount) }), onPress: pay }} />}
    </>
  );
}
