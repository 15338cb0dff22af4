// Haptics made visible: the phone gives a start, and its edge lights up.

const SHAKES: Record<string, number> = { light: 1, soft: 1, medium: 2, rigid: 2, heavy: 3, success: 2, warning: 2, error: 3 };
const COLORS: Record<string, string> = { success: "#34c759", warning: "#ff9f0a", error: "#ff3b30" };

export function pulse(phone: HTMLElement | null, edge: HTMLElement | null, style: string): void {
  const by = SHAKES[style] ?? 0.5;
  if (edge) {
    edge.style.color = COLORS[style] ?? "#2f7cf6";
    edge.animate([{ opacity: 0 }, { opacity: 0.35 + by * 0.2, offset: 0.25 }, { opacity: 0 }], { duration: 420 });
  }
  if (phone && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const times = style === "error" ? 3 : style in COLORS ? 2 : 1;
    const frames = Array.from({ length: times }, () => [{ translate: `${by}px 0` }, { translate: `${-by}px 0` }]).flat();
    phone.animate([{ translate: "0 0" }, ...frames, { translate: "0 0" }], { duration: 90 * times });
  }
}
