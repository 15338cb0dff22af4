import { data, type Row } from "@kassa/api";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { useState } from "react";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api, queries } from "../../app/session";
import { cn } from "../../ui/cn";
import { More } from "../../ui/More";
import { Section } from "../../ui/Section";
import { Badge, Empty, Skeleton } from "../../ui/States";
import { useModelName } from "../chat/state";
import { dayList, useUsage } from "./useUsage";

const PERIODS = [7, 30, 90] as const;
type Request = Row<"/api/v1/billing/usage/requests">;

export default function Usage() {
  const { t } = useI18n();
  const [days, setDays] = useState<(typeof PERIODS)[number]>(30);
  const usage = useUsage(days);
  const requests = useInfiniteQuery({
    queryKey: ["usage", "requests"],
    queryFn: ({ pageParam }) => data(api.GET("/api/v1/billing/usage/requests", { params: { query: { limit: 30, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const items = requests.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Screen title={t("usage.title")} back="/profile" onRefresh={() => queries.invalidateQueries({ queryKey: ["usage"] })}>
      <div role="group" aria-label={t("usage.period")} className="flex gap-1 rounded-2xl bg-mute-soft p-1">
        {PERIODS.map((each) => (
          <button key={each} type="button" aria-pressed={each === days} onClick={() => setDays(each)} className={cn("min-h-10 flex-1 rounded-xl text-[15px] font-medium", each === days ? "bg-sheet text-ink shadow-sm" : "text-ink-soft")}>
            {t("usage.days", { count: each })}
          </button>
        ))}
      </div>
      {usage.data ? <Chart usage={usage.data} days={days} /> : usage.isError ? <LoadFailed error={usage.error} onRetry={() => void usage.refetch()} /> : <Skeleton className="h-56 rounded-3xl" />}
      {items.length > 0 && <Section title={t("usage.list")}>{items.map((item) => <RequestRow key={item.id} item={item} />)}</Section>}
      <More query={requests} />
      {requests.isSuccess && !items.length && <Empty icon={<Activity />} title={t("usage.none")}>{t("usage.none_hint")}</Empty>}
    </Screen>
  );
}

function Chart({ usage, days }: { usage: NonNullable<ReturnType<typeof useUsage>["data"]>; days: number }) {
  const { t, format } = useI18n();
  const modelName = useModelName();
  const list = dayList(usage.days, days);
  const most = Math.max(...list.map((day) => day.charged_tokens), 1);
  const models = new Map<string, { requests: number; tokens: number }>();
  for (const row of usage.days) {
    const sum = models.get(row.model) ?? { requests: 0, tokens: 0 };
    models.set(row.model, { requests: sum.requests + row.requests, tokens: sum.tokens + row.charged_tokens });
  }
  return (
    <section className="grid gap-4 rounded-3xl bg-sheet p-4 shadow-[0_1px_2px_rgb(var(--shadow)/0.05)]">
      <div className="grid grid-cols-2 gap-3">
        <p className="grid"><span className="text-[26px] font-bold tabular-nums">{format.number(usage.charged_tokens)}</span><span className="text-[14px] text-ink-soft">{t("usage.spent")}</span></p>
        <p className="grid"><span className="text-[26px] font-bold tabular-nums">{format.number(usage.requests)}</span><span className="text-[14px] text-ink-soft">{t("usage.asked")}</span></p>
      </div>
      <div role="img" aria-label={t("usage.chart", { count: days })} className="flex h-28 items-end gap-px sm:gap-1">
        {list.map((day) => (
          <span key={day.day} title={`${format.day(day.day)}: ${format.number(day.charged_tokens)}`} className={cn("flex-1 rounded-sm", day.requests ? "bg-brand" : "bg-mute-soft")} style={{ height: `${Math.max(3, (day.charged_tokens / most) * 100)}%` }} />
        ))}
      </div>
      <div className="flex justify-between text-[13px] text-ink-soft"><span>{format.day(list[0]!.day)}</span><span>{format.day(list.at(-1)!.day)}</span></div>
      {[...models].sort(([, one], [, other]) => other.tokens - one.tokens).map(([model, sum]) => (
        <p key={model} className="flex justify-between gap-3 border-t border-line pt-3 text-[15px]">
          <span className="truncate">{modelName(model)}</span>
          <span className="shrink-0 text-ink-soft tabular-nums">{t("usage.requests", { count: sum.requests })} · {format.number(sum.tokens)}</span>
        </p>
      ))}
    </section>
  );
}

function RequestRow({ item }: { item: Request }) {
  const { t, format } = useI18n();
  const modelName = useModelName();
  return (
    <div className="flex min-h-14 items-center gap-3 px-4 py-2.5 [&:not(:last-child)]:border-b [&:not(:last-child)]:border-line">
      <span className="grid min-w-0 flex-1"><span className="truncate">{modelName(item.model)}</span><span className="text-[14px] text-ink-soft">{format.time(item.created_at)} · {t(`usage.channel.${item.channel}`)}</span></span>
      {item.status === "answered" ? <span className="tabular-nums">{item.charged_tokens ? `−${format.number(item.charged_tokens)}` : t("usage.free")}</span> : <Badge tone={item.status === "stopped" ? "warn" : "bad"}>{t(`usage.status.${item.status}`)}</Badge>}
    </div>
  );
}
