import { useFormats } from "@kassa/i18n";

/** When something was or will be: near times as distance, far ones as a date; the exact moment on hover. */
export function Moment({ at, isExact = false }: { at: string | null | undefined; isExact?: boolean }) {
  const { ago, time, exact } = useFormats();
  if (!at) return <span className="text-ink-faint">—</span>;
  const isNear = Math.abs(Date.now() - new Date(at).getTime()) < 86_400_000;
  return <time dateTime={at} title={exact(at)} className="whitespace-nowrap">{!isExact && isNear ? ago(at) : time(at)}</time>;
}
