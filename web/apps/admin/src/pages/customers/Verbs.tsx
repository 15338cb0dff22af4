import { useFormats, useTranslation } from "@kassa/i18n";
import { errorOf } from "@kassa/api";
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
  const { no } = useFormats();
  const can = useCan();
  const text = useErrorText();
  const ban = useQuery({ ...banQuery(one.id), enabled: can("policies.view") });
  const banId = ban.data?.id ?? "";
  const params = { path: { customer_id: one.id } };
  const name = one.name || no(one.number);

  const verbs: Record<string, Danger> = {
    ban: { title: t("ban.title", { name }), consequence: t("ban.text"), confirm: t("ban.do"), done: t("ban.done"), run: (reason) => api.POST("/api/v1/admin/blocks", { body: { customer_id: one.id, reason, network: "" } }) },
    unban: { title: t("unban.title", { name }), consequence: t("unban.text"), confirm: t("unban.do"), done: t("unban.done"), isHarmless: true, run: (reason) => api.POST("/api/v1/admin/blocks/{block_id}/lift", { params: { path: { block_id: banId } }, body: { reason } }) },
    signOut: { title: t("signout.title", { name }), consequence: t("signout.text"), confirm: t("signout.do"), done: t("signout.done"), run: (reason) => api.POST("/api/v1/admin/customers/{customer_id}/sign-out", { params, body: { reason } }) },
    erase: { title: t("erase.title", { name }), consequence: t("erase.text"), confirm: t("erase.do"), done: t("erase.done"), run: (reason) => api.POST("/api/v1/admin/customers/{customer_id}/erase", { params, body: { reason } }) },
  };

  async function takeData() {
    try {
      const response = await session.fetch(new Request(`${location.origin}/api/v1/admin/customers/${one.id}/data`));
      if (!response.ok) throw await errorOf(response);
      saveAs(await response.blob(), `customer-${one.number}.zip`);
    } catch (error) {
      toast.error(t("list.export_failed"), { description: text(error) });
    }
  }

  const open = (verb: keyof typeof verbs) => () => verbs[verb] && onDanger(verbs[verb]);
  return (
    <>
      {can("identity.customers.edit") && <MenuItem icon={<LogOut />} onSelect={open("signOut")}>{t("signout.do")}</MenuItem>}
      <MenuItem icon={<Download />} onSelect={() => void takeData()}>{t("data.do")}</MenuItem>
      {(can("identity.customers.ban") || can("identity.customers.erase")) && <MenuLine />}
      {can("identity.customers.ban") && (ban.data ? <MenuItem icon={<Undo2 />} onSelect={open("unban")}>{t("unban.do")}</MenuItem> : <MenuItem icon={<Ban />} isDanger onSelect={open("ban")}>{t("ban.do")}</MenuItem>)}
      {can("identity.customers.erase") && !one.erased_at && <MenuItem icon={<Eraser />} isDanger onSelect={open("erase")}>{t("erase.do")}</MenuItem>}
    </>
  );
}
