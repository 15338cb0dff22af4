import { data } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Card, Empty, Facts, Switch } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { Compass } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { useId } from "../../app/nav";
import { Ask } from "../../parts/Ask";
import { Moment } from "../../parts/Moment";
import { PageHead } from "../../parts/PageHead";
import { useVerb } from "../../parts/useVerb";
import { ModelState, type Model as ModelRow } from "./Models";
import { usePriceText } from "./price";
import { PriceDialog } from "./PriceDialog";
import { Route } from "./Route";

/** One model: whether it is sold, its price with its history, and the ways it is bought. */
export default function Model() {
  const { t } = useTranslation();
  const slug = useId();
  const models = useQuery({ queryKey: ["models"], queryFn: () => data(api.GET("/api/v1/admin/ai/models", {})) });
  return (
    <Ask query={models} lines={8}>
      {({ items }) => {
        const model = items.find((each) => each.slug === slug);
        return model ? <Shown model={model} /> : <Empty icon={<Compass />} title={t("state.gone")}>{t("state.gone_hint")}</Empty>;
      }}
    </Ask>
  );
}

function Shown({ model }: { model: ModelRow }) {
  const { t, i18n } = useTranslation();
  const title = model.title[i18n.language] ?? model.title.en ?? model.slug;
  return (
    <>
      <PageHead
        back={{ to: "/models", label: t("page.models") }}
        title={<span className="flex flex-wrap items-center gap-3">{title}<ModelState model={model} /></span>}
        description={model.description[i18n.language] ?? model.slug}
      />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <div className="grid gap-5">
          <SaleCard model={model} />
          <Ways slug={model.slug} />
        </div>
        <Prices model={model} />
      </div>
    </>
  );
}

function SaleCard({ model }: { model: ModelRow }) {
  const { t } = useTranslation();
  const mayEdit = useCan()("ai.edit");
  const change = useVerb((body: { enabled?: boolean; visible?: boolean }) => api.PUT("/api/v1/admin/ai/models/{slug}", { params: { path: { slug: model.slug } }, body: { ...body, reason: "" } }), t("profile.saved"));
  const now = { ...model, ...(change.isPending ? change.variables : {}) };
  return (
    <Card title={t("model.sale")}>
      <div className="grid gap-3.5">
        <Line label={t("model.enabled")} hint={t("model.enabled_hint")}><Switch checked={now.enabled} disabled={!mayEdit} onChange={(enabled) => change.mutate({ enabled })} label={t("model.enabled")} /></Line>
        <Line label={t("model.visible")} hint={t("model.visible_hint")}><Switch checked={now.visible} disabled={!mayEdit} onChange={(visible) => change.mutate({ visible })} label={t("model.visible")} /></Line>
        <Facts className="border-t border-line pt-3.5" items={[[t("model.family"), t(`family.${model.family}`)], [t("model.slug"), <span key="slug" className="font-mono text-[13px]">{model.slug}</span>], [t("model.released"), model.released_on ?? "—"], [t("model.shutdown"), model.shutdown_on ?? "—"], [t("model.successor"), model.successor || "—"]]} />
      </div>
    </Card>
  );
}

function Line({ label, hint, children }: { label: string; hint: string; children: React.ReactNode }) {
  return (
    <div className="flex items-start justify-between gap-4">
      <div><div className="font-medium">{label}</div><div className="text-[13px] text-ink-soft">{hint}</div></div>
      {children}
    </div>
  );
}

function Ways({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const routes = useQuery({ queryKey: ["routes", slug], queryFn: () => data(api.GET("/api/v1/admin/ai/routes", { params: { query: { q: slug } } })) });
  return (
    <Card title={t("model.ways")} isFlush>
      <div className="px-4">
        <Ask query={routes} lines={3}>
          {({ items }) => {
            const own = items.filter((route) => route.model === slug);
            return own.length === 0 ? <Empty title={t("model.no_route")}>{t("model.no_route_hint")}</Empty> : <ul className="divide-y divide-line">{own.map((route) => <Route key={route.id} route={route} />)}</ul>;
          }}
        </Ask>
      </div>
    </Card>
  );
}

function Prices({ model }: { model: ModelRow }) {
  const { t } = useTranslation();
  const can = useCan();
  const priceText = usePriceText();
  const [isChanging, setChanging] = useState(false);
  const prices = useQuery({ queryKey: ["prices", model.slug], queryFn: () => data(api.GET("/api/v1/admin/ai/models/{slug}/prices", { params: { path: { slug: model.slug } } })) });
  return (
    <Card title={t("model.prices")} isFlush actions={can("ai.edit") && <Button size="sm" onClick={() => setChanging(true)}>{t("model.change_price")}</Button>}>
      <div className="px-4">
        <Ask query={prices} lines={3}>
          {({ items }) => (
            <ol className="divide-y divide-line">
              {items.map((price, index) => (
                <li key={price.version} className="flex flex-wrap items-baseline justify-between gap-2 py-3">
                  <span className="figures font-medium">{t("model.tokens", { price: priceText(price.price) })}{index === 0 && <span className="ml-2 font-normal text-good">{t("plan.current")}</span>}</span>
                  <span className="text-[13px] text-ink-faint">{t(`price_source.${price.source}`, { defaultValue: price.source })} · <Moment at={price.valid_from} isExact /></span>
                </li>
              ))}
            </ol>
          )}
        </Ask>
      </div>
      {isChanging && <PriceDialog model={model} onClose={() => setChanging(false)} />}
    </Card>
  );
}
