import { amountText, parseAmount, useFormats, useTranslation } from "@kassa/i18n";
import { Field, Input, Segments } from "@kassa/ui";
import { useState } from "react";
import { api } from "../../app/api";
import { DangerDialog } from "../../parts/DangerDialog";
import type { SaleDetail } from "./Payment";

/** Gives money back: all that is left, or a part of it. */
export function RefundDialog({ sale, onClose }: { sale: SaleDetail; onClose(): void }) {
  const { t } = useTranslation();
  const { money } = useFormats();
  const { asset } = sale.amount;
  const rest = sale.amount.units - sale.refunded_units;
  const [kind, setKind] = useState<"all" | "part">("all");
  const [text, setText] = useState(amountText({ units: rest, asset }));
  const units = kind === "all" ? rest : parseAmount(text, asset);
  const isRight = units !== null && units > 0 && units <= rest;
  return (
    <DangerDialog
      onClose={onClose}
      danger={{
        title: t("refund.title", { number: sale.number }),
        consequence: t("refund.text", { provider: t(`provider.${sale.provider}`, { defaultValue: sale.provider }) }),
        confirm: isRight ? t("refund.confirm", { amount: money({ units, asset }) }) : t("refund.do"),
        done: t("refund.done"),
        isReady: isRight,
        fields: (
          <>
            <Segments label={t("refund.how_much")} value={kind} onChange={setKind} choices={[{ value: "all", label: t("refund.all", { amount: money({ units: rest, asset }) }) }, { value: "part", label: t("refund.part") }]} />
            {kind === "part" && (
              <Field label={t("refund.amount", { asset })} error={text && !isRight ? t("refund.wrong", { amount: money({ units: rest, asset }) }) : undefined}>
                <Input inputMode="decimal" value={text} onChange={(event) => setText(event.target.value)} autoFocus />
              </Field>
            )}
          </>
        ),
        run: (reason, key) => api.POST("/api/v1/admin/payments/{payment_id}/refund", { params: { path: { payment_id: sale.payment_id }, header: { "idempotency-key": key } }, body: { amount: kind === "all" ? null : units, reason } }),
      }}
    />
  );
}
