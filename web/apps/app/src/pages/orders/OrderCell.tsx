import { useI18n } from "../../app/i18n";
import { Cell } from "../../ui/Section";
import { Badge } from "../../ui/States";
import { isPaidFor, type Order } from "./useOrders";

export const toneOf = (order: Order) => (isPaidFor(order) ? "good" : order.status === "pending" ? "warn" : order.status === "failed" ? "bad" : "mute");

export function OrderCell({ order }: { order: Order }) {
  const { t, format, locale } = useI18n();
  return (
    <Cell
      to={`/orders/${order.id}`} title={order.names[locale] ?? order.plan}
      hint={`${format.no(order.number)} · ${format.day(order.created_at)} · ${format.money(order.amount)}`}
      end={<Badge tone={toneOf(order)}>{t(`orders.status.${order.status}`)}</Badge>}
    />
  );
}
