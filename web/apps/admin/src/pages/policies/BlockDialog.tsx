import { useTranslation } from "@kassa/i18n";
import { Field, Input, NativeSelect, Segments } from "@kassa/ui";
import { useState } from "react";
import { api } from "../../app/api";
import { DangerDialog } from "../../parts/DangerDialog";

const HOURS = { hour: 1, day: 24, week: 168, month: 720, forever: 0 };

/** Blocks an address or a network, or a customer by their id. */
export function BlockDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<"network" | "customer">("network");
  const [who, setWho] = useState("");
  const [term, setTerm] = useState<keyof typeof HOURS>("day");
  const until = HOURS[term] ? new Date(Date.now() + HOURS[term] * 3_600_000).toISOString() : null;
  return (
    <DangerDialog
      onClose={onClose}
      danger={{
        title: t("block.add"),
        consequence: t("block.text"),
        confirm: t("block.add"),
        done: t("block.done"),
        isReady: who.trim().length > 2,
        fields: (
          <>
            <Segments label={t("block.who")} value={kind} onChange={setKind} choices={[{ value: "network", label: t("block.network") }, { value: "customer", label: t("subject.customer") }]} />
            <Field label={kind === "network" ? t("block.network") : t("policy.customer_id")} hint={kind === "network" ? t("block.network_hint") : undefined}><Input required value={who} onChange={(event) => setWho(event.target.value)} className="font-mono" placeholder={kind === "network" ? "203.0.113.0/24" : ""} /></Field>
            <Field label={t("block.term")}>
              <NativeSelect value={term} onChange={(event) => setTerm(event.target.value as keyof typeof HOURS)}>{Object.keys(HOURS).map((each) => <option key={each} value={each}>{t(`term.${each}`)}</option>)}</NativeSelect>
            </Field>
          </>
        ),
        run: (reason) => api.POST("/api/v1/admin/blocks", { body: { reason, until, network: kind === "network" ? who.trim() : "", customer_id: kind === "customer" ? who.trim() : null } }),
      }}
    />
  );
}
