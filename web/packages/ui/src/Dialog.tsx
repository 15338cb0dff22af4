import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { Button } from "./Button";

interface Props {
  isOpen: boolean;
  onClose(): void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  closeLabel: string;
  size?: "sm" | "md" | "lg";
}

const WIDTHS = { sm: "sm:max-w-md", md: "sm:max-w-xl", lg: "sm:max-w-3xl" };

/** A question or a form over the page; on a phone it comes up from below. */
export function Dialog({ isOpen, onClose, title, description, children, footer, closeLabel, size = "md" }: Props) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="animate-appear fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cn(
            "animate-rise fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col rounded-t-xl border border-line bg-sheet shadow-floating outline-none",
            "sm:inset-auto sm:top-1/2 sm:left-1/2 sm:w-[calc(100vw-3rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-xl",
            WIDTHS[size],
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-5 pb-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-[17px] leading-snug font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="mt-1 text-ink-soft">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <Button look="quiet" size="icon-sm" aria-label={closeLabel} className="-mt-1 -mr-1.5"><X aria-hidden /></Button>
            </Radix.Close>
          </header>
          <div className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5" tabIndex={-1}>{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5 max-sm:pb-[max(0.9rem,env(safe-area-inset-bottom))]">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel at the side: navigation on a phone, details beside a list. */
export function Sheet({ isOpen, onClose, title, children, side = "left", closeLabel }: Omit<Props, "footer" | "size" | "description"> & { side?: "left" | "right" }) {
  const place = side === "left" ? "left-0 animate-slide-left w-[min(20rem,86vw)]" : "right-0 animate-slide-right w-[min(34rem,100vw)]";
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="animate-appear fixed inset-0 z-40 bg-scrim" />
        <Radix.Content aria-describedby={undefined} className={cn("fixed inset-y-0 z-50 flex flex-col bg-sheet shadow-floating outline-none", place)}>
          <header className="flex h-14 shrink-0 items-center justify-between gap-2 pr-2 pl-4">
            <Radix.Title className="truncate font-semibold">{title}</Radix.Title>
            <Radix.Close asChild><Button look="quiet" size="icon" aria-label={closeLabel}><X aria-hidden /></Button></Radix.Close>
          </header>
          <div className="scroll-quiet min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
