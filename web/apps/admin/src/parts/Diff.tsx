import { useTranslation } from "@kassa/i18n";

type Facts = Record<string, unknown> | null;

const shown = (value: unknown) => (value === undefined || value === null ? "—" : typeof value === "object" ? JSON.stringify(value, null, 1) : String(value));

/** What was, and what is instead: only what differs, name by name. */
export function Diff({ before, after }: { before: Facts; after: Facts }) {
  const { t } = useTranslation();
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = names.filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
  if (changed.length === 0) return <p className="text-ink-soft">{t("diff.nothing")}</p>;
  return (
    <dl className="grid gap-3">
      {changed.map((name) => (
        <div key={name} className="overflow-hidden rounded-md border border-line">
          <dt className="border-b border-line bg-sunken px-3 py-1.5 font-mono text-[12.5px]">{name}</dt>
          <dd className="grid font-mono text-[12.5px] leading-relaxed break-words whitespace-pre-wrap">
            {before && name in before && <del className="bg-bad-soft px-3 py-1.5 text-bad no-underline"><span className="sr-only">{t("diff.before")} </span>− {shown(before[name])}</del>}
            {after && name in after && <ins className="bg-good-soft px-3 py-1.5 text-good no-underline"><span className="sr-only">{t("diff.after")} </span>+ {shown(after[name])}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
