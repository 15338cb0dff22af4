import { errorOf } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { MenuItem, MenuLine, toast } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { Ban, Download, Eraser, LogOut, Undo2 } from "lucide-react";
import { api, session } from "../../app/api";
import { useCan } from "../../app/me";
import { useErrorText } from "../../app/problems";
import { saveAs } from "../../list/saveAs";
import type { Danger } from "../../parts/DangerDialog";
import type { Card } from "./Customer";
import { banQuery } from "./queries";

/** What staff may do to a customer. */
export function CustomerVerbs({ one, onDanger }: { one: Card; onDanger(danger: Danger): void }) {
  const { t } = useTranslation();
  const can = useCan();
  const text = useErrorText();
  const ban = useQuery(banQuery(one.id));
  const params = { path: { customer_id: one.id } };
  const name = one.name || `№ ${one.number}`;

  async function download() {
    try {
      const response = await session.fetch(new Request(`${location.origin}/api/v1/admin/customers/${one.id}/export`));
      if (!response.ok) throw await errorOf(response);
      saveAs(await response.blob(), `customer-${one.number}.zip`);
    } catch (error) {
      toast.error(t("list.export_failed"), { description: text(error) });
    }
  }

  const verbs: Record<string, Danger> = {
    ban: { title: t("ban.title", { name }), consequence: t("ban.text"), confirm: t("ban.do"), done: t("ban.done"), run: (reason) => api.POST("/api/v1/admin/customers/{customer_id}/ban", { params, body: { reason } }) },
    unban: { title: t("unban.title", { name }), consequence: t("unban.text"), confirm: t("unban.do"), done: t("unban.done"), isHarmless: true, run: (reason) => api.POST("/api/v1/admin/customers/{customer_id}/unban", { params, body: { reason } }) },
    signOut: { title: t("signout.title", { name }), consequence: t("signout.text"), confirm: t("signout.do"), done: t("signout.done"), run: (reason) => api.POST("/api/v1/admin/customers/{customer_id}/sign-out", { params, body: { reason } }) },
    erase: { title: t("erase.title", { name }), consequence: t("erase.text"), confirm: t("erase.do"), done: t("erase.done"), mustType: String(one.number), run: (reason) => api.POST("/api/v1/admin/customers/{customer_id}/erase", { params, body: { reason } }) },
  };
  const open = (verb: keyof typeof verbs) => () => verbs[verb] && onDanger(verbs[verb]);
  return (
    <>
      <MenuItem icon={<Download />} onSelect={() => void download()}>{t("customer.export")}</MenuItem>
      {can("identity.customers.edit") && <MenuItem icon={<LogOut />} onSelect={open("signOut")}>{t("signout.do")}</MenuItem>}
      {(can("identity.customers.ban") || can("identity.customers.erase")) && <MenuLine />}
      {can("identity.customers.ban") && (ban.data ? <MenuItem icon={<Undo2 />} onSelect={open("unban")}>{t("unban.do")}</MenuItem> : <MenuItem icon={<Ban />} isDanger onSelect={open("ban")}>{t("ban.do")}</MenuItem>)}
      {can("identity.customers.erase") && <MenuItem icon={<Eraser />} isDanger onSelect={open("erase")}>{t("erase.do")}</MenuItem>}
    </>
  );
}
