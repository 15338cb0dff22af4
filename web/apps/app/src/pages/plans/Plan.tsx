import { data } from "@kassa/api";
import { BadgePercent, Check } from "lucide-react";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { usePlans, type PlanOut } from "../../app/account";
import { useI18n } from "../../app/i18n";
import { errorText, LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api, newKey, queries } from "../../app/session";
import { haptic, launch, openLink } from "../../app/telegram";
import { Choice } from "../../ui/Field";
import { PrimaryAction } from "../../ui/PrimaryAction";
import { Section } from "../../ui/Section";
import { Empty, Skeleton } from "../../ui/States";
import { useModelName } from "../chat/state";
import { RETURN_PATH, rememberPaying } from "../orders/paying";
import { Problem } from "../signin/Paper";
import { ICONS } from "./Plans";
import { priceOf } from "./price";

/** A plan before paying: what it gives, what it costs, how to pay. */
export default function Plan({ slug }: { slug: string }) {
  const { t } = useI18n();
  const plans = usePlans();
  const plan = plans.data?.find((one) => one.slug === slug);
  return (
    <Screen title={plan?.name ?? t("plans.one")} back="/plans">
      {plan?.ways.length ? <Offer plan={plan} /> : plans.isPending ? <Skeleton className="h-72 rounded-3xl" /> : plans.isError ? <LoadFailed error={plans.error} onRetry={() => void plans.refetch()} /> : (
        <Empty icon={<BadgePercent />} title={t("plans.gone")}>{t("plans.gone_hint")}</Empty>
      )}
    </Screen>
  );
}

function Offer({ plan }: { plan: PlanOut }) {
  const { t, format } = useI18n();
  const [, go] = useLocation();
  const modelName = useModelName();
  const [provider, setProvider] = useState(plan.ways[0]!.provider);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  // One look at a plan is one order, however often the button is pressed; another way to pay is another order.
  const keys = useRef(new Map<string, string>());
  const price = priceOf(plan, provider)!;
  const Icon = ICONS[plan.kind];

  async function buy() {
    setBusy(true);
    setProblem("");
    haptic("light");
    const key = keys.current.get(provider) ?? newKey();
    keys.current.set(provider, key);
    try {
      // Telegram's browser has no session of ours: from there one comes back to the bot, which is the server's choice.
      const body = { plan: plan.slug, provider, return_url: launch ? undefined : location.origin + RETURN_PATH };
      const order = await data(api.POST("/api/v1/billing/orders", { body, params: { header: { "idempotency-key": key } } }));
      queries.setQueryData(["orders", order.id], order);
      void queries.invalidateQueries({ queryKey: ["orders"], exact: true });
      rememberPaying(order.id);
      // Under the payment page lies the order: whoever comes back by the arrow finds it.
      go(`/orders/${order.id}`, { replace: true });
      if (order.payment.confirmation_url) openLink(order.payment.confirmation_url);
    } catch (error) {
      haptic("error");
      setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <>
      <section className="grid gap-5 rounded-3xl bg-sheet p-5 shadow-[0_1px_2px_rgb(var(--shadow)/0.05)]">
        <div className="flex items-start justify-between gap-4">
          <p className="grid">
            <span className="text-[40px] leading-none font-bold tracking-tight tabular-nums">{format.money(price)}</span>
            {price.full_units !== price.units && <span className="mt-1 text-[15px] text-ink-soft"><s>{format.money({ ...price, units: price.full_units })}</s> {t("plans.level_price")}</span>}
          </p>
          <span className="grid size-12 place-items-center rounded-2xl bg-brand-soft text-brand-text"><Icon aria-hidden className="size-6" /></span>
        </div>
        <ul className="grid gap-2.5">
          {gives(plan).map((line) => <li key={line} className="flex gap-2.5"><Check aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />{line}</li>)}
        </ul>
      </section>
      {plan.ways.length > 1 && (
        <Section title={t("plans.how")}>
          <Choice
            label={t("plans.how")} value={provider} onChange={(next) => { haptic("selection"); setProvider(next); }}
            options={plan.ways.map((way) => ({ value: way.provider, label: t(`way.${way.provider}`), end: format.money(priceOf(plan, way.provider)!) }))}
          />
        </Section>
      )}
      <Problem text={problem} />
      <p className="px-4 text-[14px] text-ink-soft">{t("plans.note")}</p>
      <PrimaryAction action={{ text: t("plans.pay", { price: format.money(price) }), onPress: () => void buy(), isBusy }} />
    </>
  );

  function gives({ kind, tokens, bonus_tokens, days, light_model, api: quota }: PlanOut): string[] {
    const lines = [];
    if (tokens) lines.push(t("plans.gives_tokens", { count: tokens }));
    if (bonus_tokens) lines.push(t("plans.bonus", { count: bonus_tokens }));
    if (kind === "unlimited") lines.push(t("plans.gives_unlimited"));
    if (quota) lines.push(t(`plans.gives_api.${quota.period}`, { count: quota.requests }), t("plans.gives_key"));
    if (days) lines.push(t("plans.gives_days", { count: days }));
    else if (tokens) lines.push(t("plans.gives_for_ever"));
    if (light_model) lines.push(t("plans.gives_light", { model: modelName(light_model) }));
    return lines;
  }
}
