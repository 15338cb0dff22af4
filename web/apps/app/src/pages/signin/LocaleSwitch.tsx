import { formatsFor } from "@kassa/i18n/formats";
import { changeLocale, LOCALES, useI18n } from "../../app/i18n";
import { cn } from "../../ui/cn";

/** The languages at the door, each in its own words. */
export function LocaleSwitch() {
  const { locale, t } = useI18n();
  return (
    <div role="group" aria-label={t("profile.language")} className="flex justify-end gap-1">
      {LOCALES.map((each) => (
        <button
          key={each} type="button" lang={each} aria-pressed={each === locale} onClick={() => changeLocale(each)}
          className={cn("tap min-h-9 rounded-xl px-3 text-[14px] font-semibold", each === locale ? "bg-sheet text-ink shadow-sm" : "text-ink-soft hover:bg-hover")}
        >
          {formatsFor(each).language(each)}
        </button>
      ))}
    </div>
  );
}
