import { cn } from "./cn";

/** Text for machines: JSON, YAML, a log. It scrolls by itself, with the keyboard too. */
export function Code({ children, label, className }: { children: string; label: string; className?: string }) {
  return (
    <pre tabIndex={0} role="region" aria-label={label} className={cn("scroll-quiet max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-[12.5px] leading-relaxed whitespace-pre-wrap break-words", className)}>
      {children}
    </pre>
  );
}
