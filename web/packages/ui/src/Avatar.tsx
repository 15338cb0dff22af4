import { cn } from "./cn";

const TONES = ["bg-good-soft text-good", "bg-info-soft text-info", "bg-warn-soft text-warn", "bg-mute-soft text-ink-soft", "bg-bad-soft text-bad"];

/** The first letters of a name; the same name always has the same colour. */
export function Avatar({ name, size = "md" }: { name: string; size?: "sm" | "md" | "lg" }) {
  const words = name.trim().split(/\s+/);
  const letters = ((words[0]?.[0] ?? "?") + (words[1]?.[0] ?? "")).toUpperCase();
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const sizes = { sm: "size-7 text-[11px]", md: "size-9 text-[13px]", lg: "size-12 text-base" };
  return <span aria-hidden className={cn("grid shrink-0 place-items-center rounded-full font-semibold", sizes[size], TONES[sum % TONES.length])}>{letters}</span>;
}
