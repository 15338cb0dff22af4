import { useRef, useState, type PointerEvent, type ReactNode } from "react";
import { haptic } from "../app/telegram";

export interface SwipeAction {
  label: string;
  icon: ReactNode;
  isDanger?: boolean;
  onPress(): void;
}

const WIDTH = 76;

/** A row that moves aside and shows what can be done with it. Whoever does not swipe finds the same in the row's menu. */
export function SwipeRow({ actions, children }: { actions: SwipeAction[]; children: ReactNode }) {
  const [shift, setShift] = useState(0);
  const from = useRef<{ x: number; y: number; shift: number; isOurs: boolean } | null>(null);
  const most = WIDTH * actions.length;
  function down(event: PointerEvent<HTMLDivElement>) {
    if (event.pointerType !== "mouse") from.current = { x: event.clientX, y: event.clientY, shift, isOurs: false };
  }
  function move(event: PointerEvent<HTMLDivElement>) {
    const begun = from.current;
    if (!begun) return;
    const aside = event.clientX - begun.x;
    if (!begun.isOurs) {
      if (Math.abs(event.clientY - begun.y) > 10) return void (from.current = null);
      if (Math.abs(aside) < 10) return;
      begun.isOurs = true;
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    setShift(Math.max(-most - 24, Math.min(0, begun.shift + aside)));
  }
  function up() {
    if (!from.current?.isOurs) return void (from.current = null);
    from.current = null;
    const isOpen = shift < -most / 2;
    if (isOpen) haptic("light");
    setShift(isOpen ? -most : 0);
  }
  return (
    <div className="relative overflow-hidden">
      {/* Not for keyboards and readers: they have the menu, and what is behind the row cannot be seen. */}
      <div aria-hidden="true" className="absolute inset-y-0 right-0 flex">
        {actions.map((action) => (
          <button
            key={action.label} type="button" tabIndex={-1} style={{ width: WIDTH }} onClick={() => { setShift(0); action.onPress(); }}
            className={`grid place-content-center justify-items-center gap-1 text-[12px] font-medium [&_svg]:size-5 ${action.isDanger ? "bg-bad text-sheet" : "bg-mute-soft text-ink"}`}
          >
            {action.icon}{action.label}
          </button>
        ))}
      </div>
      <div
        onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up}
        onClickCapture={(event) => { if (shift !== 0) { event.preventDefault(); event.stopPropagation(); setShift(0); } }}
        className="relative touch-pan-y bg-sheet" style={{ transform: `translateX(${shift}px)`, transition: from.current?.isOurs ? "none" : "transform 200ms ease" }}
      >
        {children}
      </div>
    </div>
  );
}
