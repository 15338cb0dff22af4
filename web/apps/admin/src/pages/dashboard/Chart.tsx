import { useFormats } from "@kassa/i18n";
import { Area, AreaChart, Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

interface Props {
  kind: "area" | "bars" | "stack";
  /** Read aloud in the place of the picture. */
  label: string;
  days: { day: string; values: number[] }[];
  names: string[];
  shown(value: number): string;
  axis?(value: number): string;
  height: number;
  /** Which colour of the tokens comes first. */
  tone?: number;
}

const TONES = ["var(--chart-1)", "var(--chart-2)", "var(--chart-3)", "var(--chart-4)"];
const FONT = { fontSize: 12, fill: "var(--ink-faint)" };

/** A row of days. A chunk of its own: whoever opens another page does not load it. */
export default function Chart({ kind, label, days, names, shown, axis = String, height, tone = 0 }: Props) {
  const { day } = useFormats();
  const total = days.reduce((sum, each) => sum + (each.values[0] ?? 0), 0);
  const rows = days.map((each) => ({ day: each.day, ...each.values }));
  const colour = (index: number) => (kind === "stack" && index === 1 ? "var(--bad)" : TONES[(index + tone) % TONES.length]!);
  const shared = { data: rows, margin: { top: 6, right: 4, bottom: 0, left: 0 }, accessibilityLayer: false };
  const axes = (
    <>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis dataKey="day" tickFormatter={(value: string) => day(`${value}T00:00`)} tickLine={false} axisLine={false} tick={FONT} minTickGap={36} height={24} />
      <YAxis width={height < 150 ? 28 : 68} tickFormatter={axis} tickLine={false} axisLine={false} tick={FONT} allowDecimals={false} tickCount={height < 150 ? 3 : 5} />
      <Tooltip cursor={kind === "area" ? { stroke: "var(--line-strong)" } : { fill: "var(--hover)" }} isAnimationActive={false} content={({ active, payload, label: at }) => (active && payload?.length ? <Hint at={day(`${String(at)}T00:00`)} lines={payload.map((part, index) => [names[index] ?? "", shown(Number(part.value)), colour(index)])} /> : null)} />
    </>
  );
  return (
    <div role="img" aria-label={`${label}: ${shown(total)}`} style={{ height }}>
      <ResponsiveContainer width="100%" height="100%">
        {kind === "area" ? (
          <AreaChart {...shared}>
            {axes}
            {names.map((name, index) => <Area key={name} dataKey={String(index)} type="monotone" stroke={colour(index)} strokeWidth={2} fill={colour(index)} fillOpacity={0.12} isAnimationActive={false} />)}
          </AreaChart>
        ) : (
          <BarChart {...shared}>
            {axes}
            {names.map((name, index) => <Bar key={name} dataKey={String(index)} stackId="all" fill={colour(index)} radius={index === names.length - 1 ? [3, 3, 0, 0] : 0} maxBarSize={28} isAnimationActive={false} />)}
          </BarChart>
        )}
      </ResponsiveContainer>
    </div>
  );
}

function Hint({ at, lines }: { at: string; lines: [string, string, string][] }) {
  return (
    <div className="rounded-md border border-line bg-sheet px-3 py-2 text-[13px] shadow-floating">
      <div className="mb-1 text-ink-faint">{at}</div>
      {lines.map(([name, value, colour]) => (
        <div key={name} className="flex items-center gap-2"><span className="size-2 rounded-full" style={{ background: colour }} /><span className="text-ink-soft">{name}</span><span className="figures ml-auto pl-4 font-medium">{value}</span></div>
      ))}
    </div>
  );
}
