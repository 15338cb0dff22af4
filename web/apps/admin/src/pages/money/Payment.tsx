import { data, type Got } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Copy, Empty, Facts } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { useId } from "../../app/nav";
import { Ask } from "../../parts/Ask";
import { Moment } from "../../parts/Moment";
import { PageHead } from "../../parts/PageHead";
import { Status } from "../../parts/Status";
import { CustomerLink, Money } from "./parts";
import { RefundDialog } from "./RefundDialog";

export type SaleDetail = Got<"/api/v1/admin/payments/{order_id}">;

/** One order: what was bought, how it was paid, what came back, and what the provider told. */
export default function Payment() {
  const id = useId();
  const sale = useQuery({ queryKey: ["sale", id], queryFn: () => data(api.GET("/api/v1/admin/payments/{order_id}", { params: { path: { order_id: id } } })), refetchInterval: 10_000 });
  return <Ask query={sale} lines={8}>{(found) => <Shown sale={found} />}</Ask>;
}

function Shown({ sale }: { sale: SaleDetail }) {
  const { t } = useTranslation();
  const { money } = useFormats();
  const can = useCan();
  const [isRefunding, setRefunding] = useState(false);
  const rest = sale.amount.units - sale.refunded_units;
  const isRefundable = rest > 0 && ["succeeded", "partially_refunded"].includes(sale.payment_status);
  return (
    <>
      <PageHead
        back={{ to: "/payments", label: t("page.payments") }}
        title={<span className="flex flex-wrap items-center gap-3">{t("sale.title", { number: sale.number })}<Status value={sale.payment_status} />{sale.is_test && <Badge hasDot={false}>{t("sale.test")}</Badge>}</span>}
        description={`${sale.plan} · ${money(sale.amount)}`}
        actions={isRefundable && can("billing.refund") && <Button look="danger" onClick={() => setRefunding(true)}><Undo2 aria-hidden />{t("refund.do")}</Button>}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[2fr_3fr]">
        <Card title={t("sale.details")}>
          <Facts
            items={[
              [t("subject.customer"), <CustomerLink key="customer" id={sale.customer_id} name={sale.customer_name} number={sale.customer_number} />],
              [t("subject.plan"), sale.plan],
              [t("sale.amount"), <Money key="amount" of={sale.amount} />],
              [t("sale.refunded"), sale.refunded_units > 0 ? <Money key="refunded" of={{ units: sale.refunded_units, asset: sale.amount.asset }} /> : "—"],
              [t("sale.provider"), t(`provider.${sale.provider}`, { defaultValue: sale.provider })],
              [t("sale.provider_ref"), sale.provider_ref ? <Copy key="ref" value={sale.provider_ref} label={t("action.copy")} /> : "—"],
              [t("sale.order_status"), <Status key="status" value={sale.status} />],
              [t("sale.reason"), sale.reason || "—"],
              [t("sale.created"), <Moment key="created" at={sale.created_at} isExact />],
              [t("sale.paid"), <Moment key="paid" at={sale.paid_at} isExact />],
              [t("sale.id"), <Copy key="id" value={sale.payment_id} shown={sale.payment_id.slice(-12)} label={t("action.copy")} />],
            ]}
          />
        </Card>
        <div className="grid gap-5">
          <Refunds sale={sale} />
          <Events sale={sale} />
        </div>
      </div>
      {isRefunding && <RefundDialog sale={sale} onClose={() => setRefunding(false)} />}
    </>
  );
}

function Refunds({ sale }: { sale: SaleDetail }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  if (sale.refunds.length === 0) return null;
  return (
    <Card title={t("refund.list")} isFlush>
      <ul className="divide-y divide-line">
        {sale.refunds.map((refund) => (
          <li key={refund.id} className="grid gap-1 px-4 py-3">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <span className="flex items-center gap-2.5 font-medium"><Money of={refund.amount} /><RefundState status={refund.status} /></span>
              <span className="text-[13px] text-ink-faint"><Moment at={refund.created_at} isExact /></span>
            </div>
            <div className="text-ink-soft">{refund.reason}{refund.tokens_taken > 0 && <> · {t("refund.tokens_taken", { amount: number(refund.tokens_taken) })}</>}</div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function RefundState({ status }: { status: string }) {
  const { t } = useTranslation();
  return <Badge tone={status === "succeeded" ? "good" : status === "failed" ? "bad" : "info"}>{t(`refund_status.${status}`, { defaultValue: status })}</Badge>;
}

function Events({ sale }: { sale: SaleDetail }) {
  const { t } = useTranslation();
  return (
    <Card title={t("sale.events")} isFlush>
      {sale.events.length === 0 ? <Empty title={t("sale.no_events")}>{t("sale.no_events_hint")}</Empty> : (
        <ol className="divide-y divide-line">
          {sale.events.map((event) => (
            <li key={event.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3">
              <span className="flex min-w-0 items-center gap-2.5"><span className="truncate font-mono text-[13px]">{event.kind}</span><Status value={event.state} /></span>
              <span className="text-[13px] text-ink-faint"><span className="font-mono">{event.remote_ip}</span> · <Moment at={event.received_at} isExact /></span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
