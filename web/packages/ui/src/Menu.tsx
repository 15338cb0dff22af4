import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

const ITEM = "relative flex w-full cursor-default items-center gap-2.5 rounded-sm px-2.5 py-1.5 text-sm outline-none select-none data-disabled:opacity-45 data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint";

/** A menu that opens under its button. */
export function Menu({ trigger, children, align = "end", side }: { trigger: ReactNode; children: ReactNode; align?: "start" | "end"; side?: "top" | "bottom" }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align={align} side={side} sideOffset={6} collisionPadding={8} className="animate-rise scroll-quiet z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-lg border border-line bg-sheet p-1.5 shadow-floating">
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** One thing to do. */
export function MenuItem({ onSelect, icon, children, isDanger, disabled }: { onSelect?(): void; icon?: ReactNode; children: ReactNode; isDanger?: boolean; disabled?: boolean }) {
  return (
    <Radix.Item onSelect={onSelect} disabled={disabled} className={cn(ITEM, isDanger && "text-bad data-highlighted:bg-bad-soft [&_svg]:text-bad")}>
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
    </Radix.Item>
  );
}

/** One of several. */
export function MenuChoice({ value, onChange, choices }: { value: string; onChange(value: string): void; choices: { value: string; label: string; icon?: ReactNode }[] }) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      {choices.map((choice) => (
        <Radix.RadioItem key={choice.value} value={choice.value} className={ITEM}>
          {choice.icon}
          <span className="min-w-0 flex-1">{choice.label}</span>
          <Radix.ItemIndicator><Check className="text-brand-text!" aria-hidden /></Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

/** Switched on or off without closing the menu. */
export function MenuCheck({ checked, onChange, children }: { checked: boolean; onChange(checked: boolean): void; children: ReactNode }) {
  return (
    <Radix.CheckboxItem checked={checked} onCheckedChange={onChange} onSelect={(event) => event.preventDefault()} className={ITEM}>
      <span className={cn("grid size-4 place-items-center rounded-[4px] border", checked ? "border-brand bg-brand" : "border-line-strong")}>
        {checked && <Check className="size-3! text-brand-ink!" strokeWidth={3} aria-hidden />}
      </span>
      {children}
    </Radix.CheckboxItem>
  );
}

/** What a group of items is about. */
export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2.5 pt-1.5 pb-1 text-xs font-medium text-ink-faint">{children}</Radix.Label>
);

/** A line between groups. */
export const MenuLine = () => <Radix.Separator className="-mx-1.5 my-1.5 h-px bg-line" />;
