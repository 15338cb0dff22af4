import type { ButtonHTMLAttributes, ReactNode } from "react";
import { cn } from "./cn";
import { Spinner } from "./States";

const LOOKS = {
  primary: "bg-brand text-brand-ink hover:bg-brand-strong",
  soft: "bg-brand-soft text-brand-text hover:brightness-97",
  plain: "text-brand-text hover:bg-hover",
  line: "border border-line-strong text-ink hover:bg-hover",
  danger: "bg-bad-soft text-bad hover:brightness-97",
} as const;

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type"> {
  look?: keyof typeof LOOKS;
  size?: "normal" | "small";
  isBusy?: boolean;
  isWide?: boolean;
  type?: "button" | "submit";
  children: ReactNode;
}

export const buttonClass = (look: keyof typeof LOOKS = "primary", size: "normal" | "small" = "normal", isWide = false): string =>
  cn(
    "tap inline-flex items-center justify-center gap-2 rounded-2xl font-semibold select-none disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-5",
    size === "small" ? "min-h-9 px-3.5 text-[14px] [&_svg]:size-4" : "min-h-12 px-5 text-[16px]",
    isWide && "w-full",
    LOOKS[look],
  );

export function Button({ look = "primary", size = "normal", isBusy = false, isWide = false, type = "button", disabled, className, children, ...rest }: Props) {
  return (
    <button type={type} disabled={disabled || isBusy} aria-busy={isBusy || undefined} className={cn(buttonClass(look, size, isWide), className)} {...rest}>
      {isBusy && <Spinner />}
      {children}
    </button>
  );
}

/** A button that is only a picture; its name is for those who cannot see it. */
export function IconButton({ label, className, children, ...rest }: { label: string; children: ReactNode } & Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type">) {
  return (
    <button type="button" aria-label={label} title={label} className={cn("tap grid size-11 shrink-0 place-items-center rounded-full text-ink-soft hover:bg-hover hover:text-ink disabled:opacity-40 [&_svg]:size-[22px]", className)} {...rest}>
      {children}
    </button>
  );
}
