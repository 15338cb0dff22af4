import { changeLocale, LOCALES, useI18n } from "../../app/i18n";
import { cn } from "../../ui/cn";

/** The languages at the door, each in its own words. */
export function LocaleSwitch() {
  const { locale, format, t } = useI18n();
  return (
    <div role="group" aria-label={t("profile.language")} className="flex justify-end gap-1">
      {LOCALES.map((each) => (
        <button
          key={each} type="button" lang={each} aria-pressed={each === locale} aria-label={format.language(each)} onClick={() => changeLocale(each)}
          className={cn("tap min-h-9 rounded-xl px-3 text-[14px] font-semibold uppercase", each === locale ? "bg-sheet text-ink shadow-sm" : "text-ink-soft hover:bg-hover")}
        >
          {each}
        </button>
      ))}
    </div>
  );
}
