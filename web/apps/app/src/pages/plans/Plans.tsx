import { Infinity as InfinityIcon, KeyRound, RefreshCw, Sparkles } from "lucide-react";
import { Link } from "wouter";
import { usePlans, type PlanOut } from "../../app/account";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { Empty, Skeleton } from "../../ui/States";
import { priceOf } from "./price";

const KINDS = ["subscription", "tokens", "unlimited", "api"] as const;
export const ICONS = { subscription: RefreshCw, tokens: Sparkles, unlimited: InfinityIcon, api: KeyRound };

/** What is for sale, by what it is for. */
export default function Plans() {
  const { t } = useI18n();
  const plans = usePlans();
  const onSale = plans.data?.filter((plan) => plan.ways.length > 0) ?? [];
  return (
    <Screen title={t("plans.title")} onRefresh={plans.refetch}>
      {plans.isPending && <Skeleton rows={5} className="h-24 rounded-3xl" />}
      {plans.isError && <LoadFailed error={plans.error} onRetry={() => void plans.refetch()} />}
      {plans.isSuccess && !onSale.length && <Empty icon={<Sparkles />} title={t("plans.none")}>{t("plans.none_hint")}</Empty>}
      {KINDS.map((kind) => {
        const found = onSale.filter((plan) => plan.kind === kind);
        if (!found.length) return null;
        return (
          <section key={kind} className="grid gap-3">
            <div className="px-1"><h2 className="text-[20px] font-semibold tracking-tight">{t(`plans.kind.${kind}`)}</h2><p className="text-[15px] text-ink-soft">{t(`plans.kind_hint.${kind}`)}</p></div>
            <div className="grid gap-2.5 sm:grid-cols-2">{found.map((plan) => <PlanCard key={plan.slug} plan={plan} />)}</div>
          </section>
        );
      })}
    </Screen>
  );
}

function PlanCard({ plan }: { plan: PlanOut }) {
  const { t, format } = useI18n();
  const price = priceOf(plan);
  const full = price && price.full_units !== price.units ? { ...price, units: price.full_units } : null;
  return (
    <Link href={`/plans/${plan.slug}`} className="tap flex items-center gap-4 rounded-3xl bg-sheet p-4 shadow-[0_1px_2px_rgb(var(--shadow)/0.05)] hover:bg-hover">
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className="text-[19px] leading-tight font-semibold sm:text-[17px]">{headline(plan)}</span>
        <span className="text-[15px] text-ink-soft">{plan.days && plan.kind !== "api" ? t("plans.days", { count: plan.days }) : plan.kind === "tokens" ? t("plans.for_ever") : plan.name}</span>
        {plan.bonus_tokens > 0 && <span className="text-[14px] text-good">{t("plans.bonus", { count: plan.bonus_tokens })}</span>}
      </span>
      {price && (
        <span className="grid shrink-0 justify-items-end">
          {full && <s className="text-[14px] text-ink-faint">{format.money(full)}</s>}
          <span className="rounded-full bg-brand-soft px-3.5 py-1.5 text-[16px] font-semibold text-brand-text tabular-nums">{format.money(price)}</span>
        </span>
      )}
    </Link>
  );

  function headline({ kind, tokens, api, name }: PlanOut): string {
    if (kind === "api" && api) return t("plans.requests", { count: api.requests });
    return tokens ? t("plans.tokens", { count: tokens }) : name;
  }
}
