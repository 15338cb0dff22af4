import { Check } from "lucide-react";
import { useId, type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes } from "react";
import { cn } from "./cn";

const box = "w-full rounded-2xl border border-line-strong bg-sheet px-4 text-ink placeholder:text-ink-faint focus:border-brand focus:outline-none focus-visible:ring-2 focus-visible:ring-focus/40 aria-invalid:border-bad";

interface Common {
  label: string;
  hint?: ReactNode;
  problem?: string | null;
}

function Frame({ id, label, hint, problem, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="px-1 text-[14px] font-medium text-ink-soft">{label}</label>
      {children}
      {problem ? <p id={`${id}-note`} className="px-1 text-[14px] text-bad">{problem}</p> : hint ? <p id={`${id}-note`} className="px-1 text-[14px] text-ink-soft">{hint}</p> : null}
    </div>
  );
}

/** A line to type in. */
export function Field({ label, hint, problem, className, ...rest }: Common & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} problem={problem}>
      <input id={id} aria-invalid={problem ? true : undefined} aria-describedby={hint || problem ? `${id}-note` : undefined} className={cn(box, "h-12", className)} {...rest} />
    </Frame>
  );
}

/** Several lines to type in. */
export function Area({ label, hint, problem, className, ...rest }: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} problem={problem}>
      <textarea id={id} rows={4} aria-invalid={problem ? true : undefined} aria-describedby={hint || problem ? `${id}-note` : undefined} className={cn(box, "py-3", className)} {...rest} />
    </Frame>
  );
}

export interface Option<T extends string> {
  value: T;
  label: string;
  hint?: ReactNode;
  end?: ReactNode;
}

/** One of a few, all of them to be seen; arrows move as in any group of radio buttons. */
export function Choice<T extends string>({ label, options, value, onChange }: { label: string; options: Option<T>[]; value: T; onChange(value: T): void }) {
  const name = useId();
  return (
    <fieldset className="m-0 border-0 p-0">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="flex min-h-14 cursor-pointer items-center gap-3.5 px-4 py-2.5 hover:bg-hover has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus [&:not(:last-child)]:border-b [&:not(:last-child)]:border-line">
          <input type="radio" className="peer sr-only" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span aria-hidden className="grid size-6 shrink-0 place-items-center rounded-full border-2 border-line-strong text-transparent peer-checked:border-brand peer-checked:bg-brand peer-checked:text-brand-ink"><Check className="size-4" strokeWidth={3} /></span>
          <span className="grid min-w-0 flex-1">
            <span className="truncate">{option.label}</span>
            {option.hint && <span className="text-[14px] text-ink-soft">{option.hint}</span>}
          </span>
          {option.end && <span className="shrink-0 text-[15px] text-ink-soft">{option.end}</span>}
        </label>
      ))}
    </fieldset>
  );
}
