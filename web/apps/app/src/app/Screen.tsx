import { ChevronLeft } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { Pull } from "../ui/Pull";
import { useI18n } from "./i18n";
import { launch, useBackButton } from "./telegram";

interface Props {
  title?: string;
  /** Where the arrow leads: Telegram's own, or one beside the title. */
  back?: string;
  action?: ReactNode;
  onRefresh?(): Promise<unknown>;
  children: ReactNode;
}

/** A screen of the app: its title, the way back, and what is on it. */
export function Screen({ title, back, action, onRefresh, children }: Props) {
  const { t } = useI18n();
  const [, go] = useLocation();
  useBackButton(back ? () => go(back) : null);
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
  useEffect(() => scrollTo(0, 0), []);
  const content = <div className="grid animate-fade grid-cols-[minmax(0,1fr)] gap-6">{children}</div>;
  return (
    <div className="mx-auto grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-5 px-3 pt-4 pb-8 sm:px-6 md:pt-8">
      {title && (
        <header className="flex min-h-11 items-center gap-1 px-1">
          {back && !launch && (
            <Link href={back} aria-label={t("action.back")} className="tap -ml-2 grid size-11 shrink-0 place-items-center rounded-full text-brand-text hover:bg-hover"><ChevronLeft className="size-6" /></Link>
          )}
          <h1 className="min-w-0 flex-1 text-[26px] leading-tight font-bold tracking-tight text-balance">{title}</h1>
          {action}
        </header>
      )}
      {onRefresh ? <Pull onRefresh={onRefresh}>{content}</Pull> : content}
    </div>
  );
}
