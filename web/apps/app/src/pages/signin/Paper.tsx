import { ChevronLeft } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { Link } from "wouter";
import { useI18n } from "../../app/i18n";

/** A form at the door: its title, the way back, what is wrong with what was typed. */
export function Paper({ title, back = "/", children }: { title: string; back?: string; children: ReactNode }) {
  const { t } = useI18n();
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className="grid animate-fade gap-5">
      <header className="flex items-center gap-1">
        <Link href={back} aria-label={t("action.back")} className="tap -ml-3 grid size-11 place-items-center rounded-full text-brand-text hover:bg-hover"><ChevronLeft className="size-6" /></Link>
        <h1 className="text-[26px] font-bold tracking-tight">{title}</h1>
      </header>
      {children}
    </div>
  );
}

export const Problem = ({ text }: { text: string }) => (text ? <p role="alert" className="rounded-2xl bg-bad-soft px-4 py-3 text-[15px] text-bad">{text}</p> : null);
