import { AlertTriangle, Info, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./Button";
import { cn } from "./cn";

/** The place of something that is on its way. */
export const Skeleton = ({ className }: { className?: string }) => <div aria-hidden className={cn("animate-pulse rounded-sm bg-mute-soft", className)} />;

/** Nothing is here, and what to do about it. */
export function Empty({ icon, title, children, action }: { icon?: ReactNode; title: ReactNode; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-14 text-center">
      {icon && <div className="mb-3 grid size-12 place-items-center rounded-full bg-mute-soft text-ink-faint [&_svg]:size-5.5" aria-hidden>{icon}</div>}
      <p className="text-[15px] font-semibold">{title}</p>
      {children && <p className="max-w-md text-balance text-ink-soft">{children}</p>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}

/** Something did not work: what it was, and trying again. */
export function Failed({ title, children, retryLabel, onRetry }: { title: ReactNode; children?: ReactNode; retryLabel?: string; onRetry?(): void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-1 px-6 py-14 text-center">
      <div className="mb-3 grid size-12 place-items-center rounded-full bg-bad-soft text-bad" aria-hidden><AlertTriangle className="size-5.5" /></div>
      <p className="text-[15px] font-semibold">{title}</p>
      {children && <p className="max-w-md text-ink-soft">{children}</p>}
      {onRetry && <Button className="mt-4" onClick={onRetry}><RotateCw aria-hidden />{retryLabel}</Button>}
    </div>
  );
}

const NOTES = { info: "bg-info-soft text-info", warn: "bg-warn-soft text-warn", bad: "bg-bad-soft text-bad", good: "bg-good-soft text-good" };

/** A remark that belongs to what stands around it. */
export function Note({ tone = "info", children, action, role }: { tone?: keyof typeof NOTES; children: ReactNode; action?: ReactNode; role?: "alert" | "status" }) {
  const Icon = tone === "info" || tone === "good" ? Info : AlertTriangle;
  return (
    <div role={role} className={cn("flex items-start gap-2.5 rounded-md px-3 py-2.5", NOTES[tone])}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 text-pretty break-words">{children}</div>
      {action}
    </div>
  );
}

/** A key to press. */
export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="rounded-[5px] border border-line-strong bg-sunken px-1.5 font-sans text-xs text-ink-soft">{children}</kbd>
);
