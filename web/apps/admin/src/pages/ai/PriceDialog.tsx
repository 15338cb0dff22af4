import { useTranslation } from "@kassa/i18n";
import { Field, Input, Segments, Textarea } from "@kassa/ui";
import { useState } from "react";
import { api } from "../../app/api";
import { DangerDialog } from "../../parts/DangerDialog";
import type { Model } from "./Models";

/** A new price from now on: one number for a request, or the whole grammar for those who need it. */
export function PriceDialog({ model, onClose }: { model: Model; onClose(): void }) {
  const { t } = useTranslation();
  const isPlain = Object.keys(model.price).every((name) => name === "base");
  const [kind, setKind] = useState<"plain" | "full">(isPlain ? "plain" : "full");
  const [base, setBase] = useState(String(model.price.base ?? 0));
  const [full, setFull] = useState(JSON.stringify(model.price, null, 2));
  const price = kind === "plain" ? readNumber(base) : readJson(full);
  return (
    <DangerDialog
      onClose={onClose}
      danger={{
        title: t("model.change_price"),
        consequence: t("model.price_text"),
        confirm: t("action.save"),
        done: t("model.price_done"),
        isHarmless: true,
        isReady: price !== null,
        fields: (
          <>
            <Segments label={t("model.price_kind")} value={kind} onChange={setKind} choices={[{ value: "plain", label: t("model.price_plain") }, { value: "full", label: t("model.price_full") }]} />
            {kind === "plain" ? (
              <Field label={t("model.price_base")} error={price === null ? t("plan.wrong") : undefined}><Input inputMode="numeric" value={base} onChange={(event) => setBase(event.target.value)} /></Field>
            ) : (
              <Field label="JSON" error={price === null ? t("model.json_wrong") : undefined} hint={t("model.price_hint")}><Textarea rows={9} spellCheck={false} className="font-mono text-[13px]" value={full} onChange={(event) => setFull(event.target.value)} /></Field>
            )}
          </>
        ),
        run: (reason) => api.POST("/api/v1/admin/ai/models/{slug}/prices", { params: { path: { slug: model.slug } }, body: { price: price ?? {}, reason } }),
      }}
    />
  );
}

function readNumber(text: string): Record<string, unknown> | null {
  const plain = text.replace(/\s/g, "");
  return /^\d{1,12}$/.test(plain) ? { base: Number(plain) } : null;
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
