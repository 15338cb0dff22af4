import { ArrowDown } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { haptic, useOwnSwipes } from "../app/telegram";
import { Spinner } from "./States";

const FAR = 72;

/** Pull down at the top to look again. The page scrolls as ever; a finger that goes sideways or up is not ours. */
export function Pull({ onRefresh, children }: { onRefresh(): Promise<unknown>; children: ReactNode }) {
  const [distance, setDistance] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const refresh = useRef(onRefresh);
  refresh.current = onRefresh;
  useOwnSwipes();
  useEffect(() => {
    const element = area.current!;
    let from: { x: number; y: number } | null = null;
    let pulled = 0;
    const start = (event: TouchEvent) => {
      const touch = event.touches[0]!;
      from = scrollY <= 0 && event.touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null;
    };
    const move = (event: TouchEvent) => {
      if (!from) return;
      const touch = event.touches[0]!;
      const down = touch.clientY - from.y;
      if (pulled === 0 && (down < 8 || Math.abs(touch.clientX - from.x) > down)) {
        if (down < -4 || Math.abs(touch.clientX - from.x) > 12) from = null;
        return;
      }
      event.preventDefault();
      const next = Math.min(120, Math.max(0, down * 0.5));
      if (next >= FAR !== pulled >= FAR) haptic("light");
      pulled = next;
      setDistance(next);
    };
    const end = () => {
      if (pulled >= FAR) {
        setBusy(true);
        void refresh.current().catch(() => undefined).finally(() => setBusy(false));
      }
      from = null;
      pulled = 0;
      setDistance(0);
    };
    element.addEventListener("touchstart", start, { passive: true });
    element.addEventListener("touchmove", move, { passive: false });
    element.addEventListener("touchend", end);
    element.addEventListener("touchcancel", end);
    return () => {
      element.removeEventListener("touchstart", start);
      element.removeEventListener("touchmove", move);
      element.removeEventListener("touchend", end);
      element.removeEventListener("touchcancel", end);
    };
  }, []);
  const height = isBusy ? 48 : distance;
  return (
    <div ref={area}>
      <div aria-hidden={!isBusy} className="grid place-items-center overflow-hidden text-ink-soft" style={{ height, transition: distance ? "none" : "height 200ms ease" }}>
        {isBusy ? <Spinner /> : <ArrowDown className="size-5" style={{ opacity: distance / FAR, transform: `rotate(${distance >= FAR ? 180 : 0}deg)`, transition: "transform 150ms" }} />}
      </div>
      {children}
    </div>
  );
}
