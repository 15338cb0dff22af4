import { ReceiptText } from "lucide-react";
import { Link } from "wouter";
import { refreshAccount } from "../../app/account";
import { useI18n } from "../../app/i18n";
import { Screen } from "../../app/Screen";
import { buttonClass } from "../../ui/Button";
import { More } from "../../ui/More";
import { Section } from "../../ui/Section";
import { Empty } from "../../ui/States";
import { OrderCell } from "./OrderCell";
import { useOrders } from "./useOrders";

export default function Orders() {
  const { t } = useI18n();
  const { query, items } = useOrders();
  return (
    <Screen title={t("orders.title")} back="/profile" onRefresh={refreshAccount}>
      {items.length > 0 && <Section>{items.map((order) => <OrderCell key={order.id} order={order} />)}</Section>}
      <More query={query} />
      {query.isSuccess && !items.length && (
        <Empty icon={<ReceiptText />} title={t("orders.none")} action={<Link href="/plans" className={buttonClass()}>{t("home.buy")}</Link>}>{t("orders.none_hint")}</Empty>
      )}
    </Screen>
  );
}
