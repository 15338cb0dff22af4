import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge } from "@kassa/ui";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { usePriceText } from "./price";

export type Model = Row<"/api/v1/admin/ai/models">;

const FAMILIES = ["text", "image", "video", "audio", "music", "tool"];

/** Everything that customers can ask, at what price, and whether it can be bought now. */
export default function Models() {
  const { t, i18n } = useTranslation();
  const priceText = usePriceText();
  const columns: Column<Model>[] = [
    { id: "title", label: t("model.name"), cell: (model) => <span><span className="block">{model.title[i18n.language] ?? model.title.en ?? model.slug}</span><span className="block font-mono text-[13px] font-normal text-ink-faint">{model.slug}</span></span> },
    { id: "family", label: t("model.family"), cell: (model) => t(`family.${model.family}`) },
    { id: "price", label: t("model.price"), cell: (model) => priceText(model.price), isNumber: true },
    { id: "state", label: t("staff.status"), cell: (model) => <ModelState model={model} /> },
    { id: "badges", label: t("model.badges"), cell: (model) => model.badges.join(", ") || "—", isExtra: true },
    { id: "shutdown", label: t("model.shutdown"), cell: (model) => model.shutdown_on ?? "—", isExtra: true, isNumber: true },
  ];
  return (
    <ListPage
      path="/api/v1/admin/ai/models"
      title={t("page.models")}
      description={t("model.about")}
      searchHint={t("model.search")}
      columns={columns}
      filters={[
        { name: "family", label: t("model.family"), kind: "choice", choices: FAMILIES.map((value) => ({ value, label: t(`family.${value}`) })) },
        { name: "is_sellable", label: t("staff.status"), kind: "choice", choices: [{ value: "true", label: t("status.on_sale") }, { value: "false", label: t("model.not_sellable") }] },
      ]}
      linkTo={(model) => ({ to: `/models/${model.slug}` })}
    />
  );
}

/** Whether customers can buy a model, and if not, why. */
export function ModelState({ model }: { model: Model }) {
  const { t } = useTranslation();
  if (model.is_sellable) return <Badge tone="good">{t("status.on_sale")}</Badge>;
  if (!model.enabled) return <Badge>{t("status.off")}</Badge>;
  if (!model.visible) return <Badge>{t("status.hidden")}</Badge>;
  return <Badge tone="warn">{t("model.no_route")}</Badge>;
}
