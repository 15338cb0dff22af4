import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

export interface Tab {
  value: string;
  label: ReactNode;
  count?: ReactNode;
  content: ReactNode;
}

/** Parts of one subject, one at a time. */
export function Tabs({ value, onChange, tabs, label }: { value: string; onChange(value: string): void; tabs: Tab[]; label: string }) {
  return (
    <Radix.Root value={value} onValueChange={onChange}>
      <Radix.List aria-label={label} className="scroll-quiet -mx-4 mb-5 flex gap-5 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0">
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} value={tab.value} className="-mb-px flex h-10 items-center gap-2 border-b-2 border-transparent font-medium whitespace-nowrap text-ink-soft transition-colors -outline-offset-2! hover:text-ink data-[state=active]:border-brand data-[state=active]:text-ink">
            {tab.label}
            {tab.count !== undefined && <span className="rounded-full bg-mute-soft px-1.5 text-xs text-ink-soft">{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => <Radix.Content key={tab.value} value={tab.value} className="outline-none">{tab.content}</Radix.Content>)}
    </Radix.Root>
  );
}
