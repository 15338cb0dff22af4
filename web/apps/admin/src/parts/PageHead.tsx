import { useTranslation } from "@kassa/i18n";
import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { PageLink } from "../app/nav";

/** What a page is called, and what can be done on it. */
export function PageHead({ title, description, actions, back }: { title: ReactNode; description?: ReactNode; actions?: ReactNode; back?: { to: string; label: string } }) {
  const { t } = useTranslation();
  return (
    <header className="mb-5">
      {back && <PageLink to={back.to} className="mb-2 -ml-1 inline-flex items-center gap-0.5 rounded-sm text-[13px] text-ink-soft hover:text-ink" aria-label={`${t("action.back")}: ${back.label}`}><ChevronLeft aria-hidden className="size-4" />{back.label}</PageLink>}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-[22px] leading-tight font-semibold">{title}</h1>
          {description && <div className="mt-1 max-w-2xl text-pretty text-ink-soft">{description}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
