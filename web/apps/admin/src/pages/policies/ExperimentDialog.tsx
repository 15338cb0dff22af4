import { useTranslation } from "@kassa/i18n";
import { Button, Dialog, Field, IconButton, Input } from "@kassa/ui";
import { Plus, X } from "lucide-react";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useVerb } from "../../parts/useVerb";
import { AudienceFields, audienceOf, formOfAudience } from "./AudienceFields";

/** Writes an experiment down; it begins when it is started. */
export function ExperimentDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [goal, setGoal] = useState("order_paid");
  const [variants, setVariants] = useState([{ name: "control", weight: "1" }, { name: "variant", weight: "1" }]);
  const [audience, setAudience] = useState(formOfAudience());
  const saving = useVerb(() => api.POST("/api/v1/admin/experiments", { body: { name, note, goal, variants: variants.map((each) => ({ name: each.name, weight: Number(each.weight) })), audience: audienceOf(audience) } }), t("experiment.added"), onClose);
  const change = (index: number, changes: Partial<(typeof variants)[number]>) => setVariants(variants.map((each, at) => (at === index ? { ...each, ...changes } : each)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("experiment.add")} description={t("experiment.add_text")} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="experiment" look="primary" isBusy={saving.isPending}>{t("action.save")}</Button></>}>
      <form id="experiment" onSubmit={submit} className="grid gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("plan.slug")}><Input required pattern="[a-z0-9][a-z0-9\-]{0,62}" value={name} onChange={(event) => setName(event.target.value)} className="font-mono" /></Field>
          <Field label={t("experiment.goal")} hint={t("experiment.goal_hint")}><Input required pattern="[a-z][a-z0-9_.]{0,62}" value={goal} onChange={(event) => setGoal(event.target.value)} className="font-mono" /></Field>
        </div>
        <Field label={t("flag.note")}><Input maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} /></Field>
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[13px] font-medium">{t("experiment.variants")}</legend>
          {variants.map((variant, index) => (
            <div key={index} className="grid grid-cols-[1fr_6rem_auto] gap-2">
              <Input aria-label={t("experiment.variant")} required value={variant.name} onChange={(event) => change(index, { name: event.target.value })} />
              <Input aria-label={t("route.weight")} required type="number" min={1} value={variant.weight} onChange={(event) => change(index, { weight: event.target.value })} />
              <IconButton label={t("experiment.remove_variant")} disabled={variants.length < 3} onClick={() => setVariants(variants.filter((_, at) => at !== index))}><X aria-hidden /></IconButton>
            </div>
          ))}
          <Button size="sm" look="quiet" className="justify-self-start" onClick={() => setVariants([...variants, { name: `variant-${variants.length}`, weight: "1" }])}><Plus aria-hidden />{t("experiment.add_variant")}</Button>
        </fieldset>
        <AudienceFields form={audience} onChange={setAudience} />
      </form>
    </Dialog>
  );
}
