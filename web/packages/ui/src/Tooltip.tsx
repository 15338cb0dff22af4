import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

/** Put once around the application. */
export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={350} skipDelayDuration={150}>{children}</Radix.Provider>
);

/** A few words about what is under the pointer or has the focus. */
export function Tooltip({ text, children, side = "bottom" }: { text: ReactNode; children: ReactNode; side?: "top" | "bottom" | "left" | "right" }) {
  if (!text) return <>{children}</>;
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content side={side} sideOffset={6} collisionPadding={8} className="animate-appear z-60 max-w-72 rounded-md bg-ink px-2.5 py-1.5 text-xs font-medium text-sheet shadow-floating">
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
