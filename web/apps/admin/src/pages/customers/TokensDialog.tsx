import { useFormats, useTranslation } from "@kassa/i18n";
import { Field, Input, Segments } from "@kassa/ui";
import { useState } from "react";
import { api } from "../../app/api";
import { DangerDialog } from "../../parts/DangerDialog";

/** Gives tokens to a customer, or takes some back; a reason is asked for, and it happens once. */
export function TokensDialog({ customerId, name, onClose }: { customerId: string; name: string; onClose(): void }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const [sign, setSign] = useState<"add" | "take">("add");
  const [text, setText] = useState("");
  const [days, setDays] = useState("");
  const amount = /^\d{1,12}$/.test(text.replace(/\s/g, "")) ? Number(text.replace(/\s/g, "")) : 0;
  return (
    <DangerDialog
      onClose={onClose}
      danger={{
        title: t("tokens.title", { name }),
        consequence: sign === "add" ? t("tokens.add_text") : t("tokens.take_text"),
        confirm: amount > 0 ? (sign === "add" ? t("tokens.add_n", { amount: number(amount) }) : t("tokens.take_n", { amount: number(amount) })) : t("tokens.adjust"),
        done: t("tokens.done"),
        isHarmless: sign === "add",
        isReady: amount > 0,
        fields: (
          <>
            <Segments label={t("tokens.adjust")} value={sign} onChange={setSign} choices={[{ value: "add", label: t("tokens.add") }, { value: "take", label: t("tokens.take") }]} />
            <Field label={t("tokens.amount")}><Input inputMode="numeric" required value={text} onChange={(event) => setText(event.target.value)} placeholder={number(10_000)} /></Field>
            {sign === "add" && <Field label={t("tokens.days")} hint={t("tokens.days_hint")}><Input type="number" min={1} max={3650} value={days} onChange={(event) => setDays(event.target.value)} /></Field>}
          </>
        ),
        run: (reason, key) => api.POST("/api/v1/admin/customers/{customer_id}/tokens", { params: { path: { customer_id: customerId }, header: { "idempotency-key": key } }, body: { units: sign === "add" ? amount : -amount, days: sign === "add" && days ? Number(days) : null, reason } }),
      }}
    />
  );
}
