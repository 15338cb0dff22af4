import type { PlanOut } from "../../app/account";

/** What a plan costs by one of its ways to pay; by the first one when none is named. */
export function priceOf(plan: PlanOut, provider = plan.ways[0]?.provider): PlanOut["prices"][number] | undefined {
  const asset = plan.ways.find((way) => way.provider === provider)?.asset;
  return plan.prices.find((price) => price.asset === asset);
}
