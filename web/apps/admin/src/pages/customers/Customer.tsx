import { data, type Got } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Avatar, Badge, Button, Menu, Tabs } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { useId, useSearchParams } from "../../app/nav";
import { Ask } from "../../parts/Ask";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { PageHead } from "../../parts/PageHead";
import { Overview } from "./Overview";
import { cardQuery } from "./queries";
import { CustomerDialogs, CustomerHistory, CustomerMovements, CustomerSales } from "./parts";
import { TokensDialog } from "./TokensDialog";
import { CustomerVerbs } from "./Verbs";

export type Card = Got<"/api/v1/admin/customers/{customer_id}">;

/** Everything about one customer, and what can be done for or against them. */
export default function Customer() {
  const id = useId();
  const card = useQuery(cardQuery(id));
  return <Ask query={card} lines={8}>{(one) => <Shown one={one} />}</Ask>;
}

function Shown({ one }: { one: Card }) {
  const { t } = useTranslation();
  const { no } = useFormats();
  const can = useCan();
  const [search, change] = useSearchParams();
  const [danger, setDanger] = useState<Danger | null>(null);
  const [isAdjusting, setAdjusting] = useState(false);
  const { data: picture } = useQuery({ queryKey: ["avatar", one.id], queryFn: () => data(api.GET("/api/v1/admin/customers/{customer_id}/avatar", { params: { path: { customer_id: one.id } } })) });
  const name = one.name || t("customer.nameless");
  const tabs = [
    { value: "overview", label: t("customer.overview"), content: <Overview one={one} />, isShown: true },
    { value: "payments", label: t("page.payments"), content: <CustomerSales id={one.id} />, isShown: can("billing.payments.view") },
    { value: "movements", label: t("customer.movements"), content: <CustomerMovements id={one.id} />, isShown: true },
    { value: "dialogs", label: t("page.dialogs"), content: <CustomerDialogs id={one.id} />, isShown: can("ai_access.dialogs.view") },
    { value: "history", label: t("page.audit"), content: <CustomerHistory id={one.id} />, isShown: can("audit.view") },
  ].filter((tab) => tab.isShown);
  return (
    <>
      <PageHead
        back={{ to: "/customers", label: t("page.customers") }}
        title={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <Avatar name={name} size="lg" picture={picture?.thumbnail_url} />
            <span className="min-w-0 break-words">{name}</span>
            <span className="figures text-base font-normal text-ink-faint">{no(one.number)}</span>
            {one.is_guest && <Badge>{t("customer.guest")}</Badge>}
            {one.erased_at && <Badge tone="bad">{t("customer.erased")}</Badge>}
          </span>
        }
        actions={
          !one.erased_at && (
            <>
              {can("ledger.tokens.adjust") && <Button onClick={() => setAdjusting(true)}>{t("tokens.adjust")}</Button>}
              <Menu trigger={<Button>{t("list.actions")}<ChevronDown aria-hidden /></Button>}><CustomerVerbs one={one} onDanger={setDanger} /></Menu>
            </>
          )
        }
      />
      <Tabs label={name} value={tabs.some((tab) => tab.value === search.tab) ? search.tab! : "overview"} onChange={(tab) => change({ tab: tab === "overview" ? undefined : tab, q: undefined, open: undefined })} tabs={tabs} />
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
      {isAdjusting && <TokensDialog customerId={one.id} name={name} onClose={() => setAdjusting(false)} />}
    </>
  );
}
