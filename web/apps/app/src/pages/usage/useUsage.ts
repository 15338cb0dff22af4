import { data, type Got } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../app/session";

type Day = Got<"/api/v1/billing/usage">["days"][number];
export type DaySum = { day: string; requests: number; charged_tokens: number };

export const useUsage = (days: number) =>
  useQuery({ queryKey: ["usage", days], queryFn: () => data(api.GET("/api/v1/billing/usage", { params: { query: { days } } })) });

/** A sum for each of the last days (UTC, as the API counts), those without a request too. */
export function dayList(rows: Day[], count: number): DaySum[] {
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.now() - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    const own = rows.filter((row) => row.day === day);
    return { day, requests: own.reduce((sum, row) => sum + row.requests, 0), charged_tokens: own.reduce((sum, row) => sum + row.charged_tokens, 0) };
  });
}
