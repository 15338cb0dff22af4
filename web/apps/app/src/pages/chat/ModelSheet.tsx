import { Eye } from "lucide-react";
import { useState } from "react";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { haptic } from "../../app/telegram";
import { Choice } from "../../ui/Field";
import { Section } from "../../ui/Section";
import { Sheet } from "../../ui/Sheet";
import { Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { problemText } from "./refusals";
import { turnTo, useModels, type Model } from "./state";

/** Who answers from now on, and what an answer costs. */
export function ModelSheet({ current, onClose }: { current: string | undefined; onClose(): void }) {
  const { t } = useI18n();
  const models = useModels();
  const [chosen, setChosen] = useState(current);
  async function choose(slug: string) {
    setChosen(slug);
    haptic("selection");
    try {
      await turnTo({ model: slug });
      onClose();
    } catch (error) {
      setChosen(current);
      toast(problemText(error), true);
    }
  }
  return (
    <Sheet title={t("chat.model")} onClose={onClose}>
      {models.isError ? <LoadFailed error={models.error} onRetry={() => void models.refetch()} /> : !models.data ? <Skeleton rows={5} /> : (
        <Section note={t("chat.model_note")}>
          <Choice label={t("chat.model")} value={chosen ?? ""} onChange={(slug) => void choose(slug)} options={models.data.map((model) => ({ value: model.slug, label: model.name, hint: <About model={model} /> }))} />
        </Section>
      )}
    </Sheet>
  );
}

function About({ model }: { model: Model }) {
  const { t } = useI18n();
  return (
    <span className="grid gap-1 whitespace-normal">
      <span>{model.description}</span>
      <span className="flex flex-wrap gap-x-3 text-brand-text">
        <span>{t(model.is_price_fixed ? "chat.price" : "chat.price_about", { count: model.price_tokens })}</span>
        {model.sees_pictures && <span className="flex items-center gap-1"><Eye aria-hidden className="size-3.5" />{t("chat.sees")}</span>}
      </span>
    </span>
  );
}
