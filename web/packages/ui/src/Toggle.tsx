import { Check } from "lucide-react";
import { Checkbox as RadixCheckbox, Switch as RadixSwitch, ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

interface Props {
  checked: boolean;
  onChange(checked: boolean): void;
  label: string;
  disabled?: boolean;
  id?: string;
}

/** On or off, at once. */
export function Switch({ checked, onChange, label, disabled, id }: Props) {
  return (
    <RadixSwitch.Root id={id} checked={checked} onCheckedChange={onChange} disabled={disabled} aria-label={label} className="relative h-5.5 w-9.5 shrink-0 rounded-full bg-line-strong transition-colors disabled:opacity-50 data-[state=checked]:bg-brand">
      <RadixSwitch.Thumb className="block size-4.5 translate-x-0.5 rounded-full bg-white shadow-raised transition-transform data-[state=checked]:translate-x-4.5" />
    </RadixSwitch.Root>
  );
}

/** Yes or no, as a part of something that is saved later. */
export function Checkbox({ checked, onChange, label, disabled, id }: Props) {
  return (
    <RadixCheckbox.Root id={id} checked={checked} onCheckedChange={(value) => onChange(value === true)} disabled={disabled} aria-label={label} className="grid size-5 shrink-0 place-items-center rounded-[5px] border border-line-strong bg-sheet transition-colors disabled:opacity-50 data-[state=checked]:border-brand data-[state=checked]:bg-brand">
      <RadixCheckbox.Indicator><Check className="size-3.5 text-brand-ink" strokeWidth={3} aria-hidden /></RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
}

/** One of two to five, all in sight. */
export function Segments<T extends string>({ value, onChange, choices, label, className }: { value: T; onChange(value: NoInfer<T>): void; choices: { value: NoInfer<T>; label: ReactNode }[]; label: string; className?: string }) {
  return (
    <ToggleGroup.Root type="single" value={value} onValueChange={(next) => next && onChange(next as T)} aria-label={label} className={cn("inline-flex rounded-md bg-mute-soft p-0.5", className)}>
      {choices.map((choice) => (
        <ToggleGroup.Item key={choice.value} value={choice.value} className="h-8 flex-1 rounded-[7px] px-3 text-[13px] font-medium whitespace-nowrap text-ink-soft transition-colors hover:text-ink data-[state=on]:bg-sheet data-[state=on]:text-ink data-[state=on]:shadow-raised">
          {choice.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
