import { Send } from "lucide-react";
import { useI18n } from "../../app/i18n";
import { buttonClass } from "../../ui/Button";
import { useSite } from "./site";

/** Telegram's own page asks the person and comes back here with their signed name (core.telegram.org/widgets/login). */
export function TelegramButtons({ title }: { title: string }) {
  const { t } = useI18n();
  const { data: site } = useSite();
  const bots = site?.telegram.bots ?? [];
  if (!site || !bots.length) return null;
  return (
    <div className="grid gap-2.5">
      <p className="flex items-center gap-3 text-[14px] text-ink-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{title}</p>
      {bots.map((bot) => {
        const back = `${location.origin}/?login_bot=${bot.id}`;
        const query = new URLSearchParams({ bot_id: String(bot.telegram_id), origin: location.origin, request_access: "write", return_to: back });
        return (
          <a key={bot.id} href={`${site.telegram.oauth_url}/auth?${query}`} className={buttonClass("line", "normal", true)}>
            <Send aria-hidden />{bots.length > 1 ? t("signin.telegram_bot", { bot: bot.name }) : t("signin.telegram")}
          </a>
        );
      })}
    </div>
  );
}
