import { Bot, CreditCard, Gauge } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { currentLocale, useI18n } from "../../app/i18n";
import { errorText } from "../../app/problems";
import { bot, session } from "../../app/session";
import { Button, buttonClass } from "../../ui/Button";
import { LocaleSwitch } from "./LocaleSwitch";
import { Problem } from "./Paper";
import { organization, useSite } from "./site";
import { TelegramButtons } from "./TelegramButtons";

/** The first look of who came by a browser: what this is, and the ways in. One may try before one registers. */
export function Welcome() {
  const { t } = useI18n();
  const { data: site } = useSite();
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (site) document.title = site.name;
  }, [site]);
  async function visit() {
    setBusy(true);
    try {
      await session.signIn({ bot, organization, language: currentLocale() }, "/api/v1/auth/guest");
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }
  const reasons = [
    { icon: Bot, title: t("welcome.answers"), hint: t("welcome.answers_hint") },
    { icon: CreditCard, title: t("welcome.pay"), hint: t("welcome.pay_hint") },
    { icon: Gauge, title: t("welcome.see"), hint: t("welcome.see_hint") },
  ];
  return (
    <div className="grid animate-fade gap-7">
      <LocaleSwitch />
      <header className="grid gap-3">
        <img src="/icon.svg" alt="" width={52} height={52} className="mb-2" />
        <h1 className="text-[34px] leading-[1.08] font-bold tracking-tight text-balance">{t("welcome.title")}</h1>
        <p className="min-h-[1.45em] text-[17px] text-ink-soft">{site?.name ?? "\u00a0"}</p>
      </header>
      <ul className="grid gap-4">
        {reasons.map(({ icon: Icon, title, hint }) => (
          <li key={title} className="flex gap-3.5">
            <span className="grid size-10 shrink-0 place-items-center rounded-2xl bg-brand-soft text-brand-text"><Icon aria-hidden className="size-5" /></span>
            <span className="grid"><span className="font-semibold">{title}</span><span className="text-[15px] text-ink-soft">{hint}</span></span>
          </li>
        ))}
      </ul>
      <Problem text={problem} />
      <div className="grid gap-2.5">
        <Link href="/register" className={buttonClass("primary", "normal", true)}>{t("signin.register")}</Link>
        <Link href="/login" className={buttonClass("soft", "normal", true)}>{t("signin.submit")}</Link>
        <Button look="plain" isWide isBusy={isBusy} onClick={() => void visit()}>{t("welcome.visit")}</Button>
      </div>
      <TelegramButtons title={t("signin.or")} />
    </div>
  );
}
