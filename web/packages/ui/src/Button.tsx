import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { Tooltip } from "./Tooltip";

const button = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors select-none disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-brand text-brand-ink hover:bg-brand-strong",
        plain: "border border-line-strong bg-sheet text-ink shadow-raised hover:bg-hover",
        quiet: "text-ink-soft hover:bg-hover hover:text-ink",
        danger: "border border-bad/40 bg-sheet text-bad hover:bg-bad-soft",
        dangerous: "bg-bad text-sheet hover:opacity-90",
        link: "h-auto! px-0! text-brand-text underline-offset-4 hover:underline",
      },
      size: { sm: "h-8 px-2.5 text-[13px]", md: "h-9 px-3.5 text-sm", lg: "h-11 px-5 text-[15px]", icon: "size-9", "icon-sm": "size-8" },
    },
    defaultVariants: { look: "plain", size: "md" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof button> {
  /** Something is under way: the button waits and says so. */
  isBusy?: boolean;
  asChild?: boolean;
}

/** Does something; a link goes somewhere (`asChild` around a link gives it this look). */
export function Button({ look, size, isBusy = false, asChild = false, className, children, disabled, ...rest }: ButtonProps) {
  const classes = cn(button({ look, size }), className);
  if (asChild) return <Slot.Root className={classes} {...rest}>{children}</Slot.Root>;
  return (
    <button type="button" className={classes} disabled={disabled || isBusy} aria-busy={isBusy || undefined} {...rest}>
      {isBusy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}

/** A button that is only a picture: its words are read aloud and shown on hover. */
export function IconButton({ label, children, size = "icon", look = "quiet", ...rest }: ButtonProps & { label: string; children: ReactNode }) {
  return (
    <Tooltip text={label}>
      <Button aria-label={label} size={size} look={look} {...rest}>{children}</Button>
    </Tooltip>
  );
}
