import type { Row } from "@kassa/api";
import { LOCALES, useFormats, useTranslation } from "@kassa/i18n";
import { Avatar, Badge, Copy } from "@kassa/ui";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { useLevels } from "./queries";

type Customer = Row<"/api/v1/admin/customers">;

/** Everybody who has talked to a bot or registered on the web. */
export default function Customers() {
  const { t } = useTranslation();
  const { language } = useFormats();
  const levels = useLevels();
  const columns: Column<Customer>[] = [
    { id: "name", label: t("customer.name"), cell: (one) => <Person one={one} /> },
    { id: "telegram", label: "Telegram", cell: (one) => (one.username ? `@${one.username}` : (one.telegram_id ?? "—")) },
    { id: "email", label: t("signin.email"), cell: (one) => one.email ?? "—", isExtra: true },
    { id: "locale", label: t("customer.locale"), cell: (one) => (one.locale ? language(one.locale) : "—") },
    { id: "level", label: t("customer.level"), cell: (one) => levels.name(one.level) || "—" },
    { id: "telegram_id", label: t("customer.telegram_id"), cell: (one) => (one.telegram_id ? <Copy value={String(one.telegram_id)} label={t("action.copy")} /> : "—"), isExtra: true, isWide: true },
    { id: "seen", label: t("customer.seen"), cell: (one) => <Moment at={one.seen_at} />, isNumber: true },
    { id: "created", label: t("customer.since"), cell: (one) => <Moment at={one.created_at} />, isNumber: true },
  ];
  return (
    <ListPage
      path="/api/v1/admin/customers"
      title={t("page.customers")}
      searchHint={t("customer.search")}
      columns={columns}
      filters={[
        { name: "locale", label: t("customer.locale"), kind: "choice", choices: LOCALES.map((value) => ({ value, label: language(value) })) },
        { name: "is_guest", label: t("customer.kind"), kind: "choice", choices: [{ value: "false", label: t("customer.registered") }, { value: "true", label: t("customer.guests") }] },
        { name: "level", label: t("customer.level"), kind: "choice", choices: levels.all.map(({ key, name }) => ({ value: key, label: name })) },
      ]}
      linkTo={(one) => ({ to: `/customers/${one.id}` })}
      emptyHint={t("customer.none")}
    />
  );
}

function Person({ one }: { one: Customer }) {
  const { t } = useTranslation();
  const { no } = useFormats();
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={one.name || String(one.number)} size="sm" />
      <span className="truncate">{one.name || t("customer.nameless")}</span>
      <span className="figures shrink-0 text-[13px] font-normal text-ink-faint">{no(one.number)}</span>
      {one.erased_at && <Badge>{t("customer.erased")}</Badge>}
    </span>
  );
}
