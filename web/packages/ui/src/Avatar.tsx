import { cn } from "./cn";

const TONES = ["bg-good-soft text-good", "bg-info-soft text-info", "bg-warn-soft text-warn", "bg-mute-soft text-ink-soft", "bg-bad-soft text-bad"];

/** A picture, or the first letters of a name; the same name always has the same colour. */
export function Avatar({ name, size = "md", picture }: { name: string; size?: "sm" | "md" | "lg"; picture?: string | null }) {
  const words = name.trim().split(/\s+/);
  const letters = ((words[0]?.[0] ?? "?") + (words[1]?.[0] ?? "")).toUpperCase();
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const sizes = { sm: "size-7 text-[11px]", md: "size-9 text-[13px]", lg: "size-12 text-base" };
  if (picture) return <img src={picture} alt="" className={cn("shrink-0 rounded-full object-cover", sizes[size])} />;
  return <span aria-hidden className={cn("grid shrink-0 place-items-center rounded-full font-semibold", sizes[size], TONES[sum % TONES.length])}>{letters}</span>;
}
