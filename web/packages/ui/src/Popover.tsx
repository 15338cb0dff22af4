import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";

/** A small form beside its button. */
export function Popover({ trigger, children, label, align = "start" }: { trigger: ReactNode; children: ReactNode; label: string; align?: "start" | "end" }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content aria-label={label} align={align} sideOffset={6} collisionPadding={12} className="animate-rise scroll-quiet z-50 max-h-(--radix-popover-content-available-height) w-72 overflow-y-auto rounded-lg border border-line bg-sheet p-4 shadow-floating">
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
