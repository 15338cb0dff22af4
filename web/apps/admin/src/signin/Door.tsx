import { changeLocale, useTranslation } from "@kassa/i18n";
import { Button, Note } from "@kassa/ui";
import type { FormEvent, ReactNode } from "react";
import { Logo } from "../app/Logo";

interface Props {
  title: string;
  hint: ReactNode;
  error?: string | null;
  /** The form was sent; the values are by the names of its fields. */
  onSubmit?(values: Record<string, string>): void;
  children: ReactNode;
}

/** The frame of every page before signing in. */
export function Door({ title, hint, error, onSubmit, children }: Props) {
  const { i18n } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit?.(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>);
  };
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto] bg-page">
      <main className="grid place-items-center px-4 py-10">
        <div className="animate-rise w-full max-w-[23rem]">
          <Logo className="mx-auto size-12" />
          <h1 className="mt-5 text-center text-2xl font-semibold">{title}</h1>
          <p className="mt-1.5 text-center text-balance text-ink-soft">{hint}</p>
          <form onSubmit={submit} className="mt-7 grid gap-4 rounded-xl border border-line bg-sheet p-6 shadow-raised">
            {error && <Note tone="bad" role="alert">{error}</Note>}
            {children}
          </form>
        </div>
      </main>
      <footer className="flex justify-center gap-1 pb-6">
        {([["ru", "Русский"], ["en", "English"]] as const).map(([locale, name]) => (
          <Button key={locale} look="quiet" size="sm" aria-pressed={i18n.language === locale} lang={locale} className="aria-pressed:text-ink" onClick={() => void changeLocale(locale)}>{name}</Button>
        ))}
      </footer>
    </div>
  );
}
