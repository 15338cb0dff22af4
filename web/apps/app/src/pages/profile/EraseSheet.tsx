import { data } from "@kassa/api";
import { useState } from "react";
import { useI18n } from "../../app/i18n";
import { api, signOut } from "../../app/session";
import { Confirm } from "../../ui/Confirm";

/** Being forgotten: two questions, because nothing brings it back. */
export function EraseSheet({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const [isSure, setSure] = useState(false);
  if (!isSure) return <Confirm title={t("privacy.erase")} text={t("privacy.erase_text")} action={t("privacy.erase_go")} onConfirm={() => Promise.resolve()} onClose={onClose} onDone={() => setSure(true)} />;
  async function erase() {
    await data(api.POST("/api/v1/auth/erase", { body: { confirm: "erase" } }));
    await signOut();
  }
  return <Confirm title={t("privacy.erase_sure")} text={t("privacy.erase_sure_text")} action={t("privacy.erase_final")} onConfirm={erase} onClose={onClose} />;
}
