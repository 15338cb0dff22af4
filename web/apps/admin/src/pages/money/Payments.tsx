import { useTranslation } from "@kassa/i18n";
import { ListPage } from "../../list/ListPage";
import { useSaleColumns, useSaleFilters } from "./columns";

/** Every order with its payment. */
export default function Payments() {
  const { t } = useTranslation();
  return (
    <ListPage
      path="/api/v1/admin/payments"
      title={t("page.payments")}
      searchHint={t("sale.search")}
      columns={useSaleColumns()}
      filters={useSaleFilters()}
      linkTo={(sale) => ({ to: `/payments/${sale.id}` })}
      emptyHint={t("sale.none")}
    />
  );
}
