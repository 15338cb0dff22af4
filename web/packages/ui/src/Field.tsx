import { useId, type ComponentProps, type ReactElement, type ReactNode } from "react";
import { Slot } from "radix-ui";
import { cn } from "./cn";

const CONTROL =
  "w-full rounded-md border border-line-strong bg-sheet px-3 text-ink placeholder:text-ink-faint transition-colors hover:border-ink-faint focus:border-focus focus:outline-2 focus:-outline-offset-1 focus:outline-focus disabled:opacity-55 aria-invalid:border-bad";

/** One line of text. */
export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(CONTROL, "h-9", className)} {...rest} />;
}

/** Several lines of text. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(CONTROL, "min-h-20 py-2 leading-relaxed", className)} {...rest} />;
}

/** One of a few, with the system's own list: on a phone nothing is better. */
export function NativeSelect({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <select
      className={cn(CONTROL, "h-9 appearance-none bg-[right_0.6rem_center] bg-no-repeat pr-8", className)}
      style={{ backgroundImage: "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='14' height='14' fill='none' stroke='%237d867f' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='m3 5 4 4 4-4'/%3E%3C/svg%3E\")" }}
      {...rest}
    >
      {children}
    </select>
  );
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  children: ReactElement;
  className?: string;
  /** The label is read aloud but not shown. */
  isLabelHidden?: boolean;
}

/** A control with its name, a hint, and what is wrong with it; they are tied together for whoever listens. */
export function Field({ label, hint, error, children, className, isLabelHidden = false }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cn("grid content-start gap-1.5", className)}>
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "text-[13px] font-medium text-ink"}>{label}</label>
      <Slot.Root id={id} aria-describedby={note ? `${id}-note` : undefined} aria-invalid={error ? true : undefined}>{children}</Slot.Root>
      {note && <p id={`${id}-note`} className={cn("text-[13px] leading-snug", error ? "text-bad" : "text-ink-faint")}>{note}</p>}
    </div>
  );
}
