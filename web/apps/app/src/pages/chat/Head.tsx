import { ChevronDown, ChevronLeft, History, SquarePen } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { tokensOf, useAccount } from "../../app/account";
import { useI18n } from "../../app/i18n";
import { haptic, launch, useBackButton } from "../../app/telegram";
import { IconButton } from "../../ui/Button";
import { toast } from "../../ui/toast";
import { ModelSheet } from "./ModelSheet";
import { problemText } from "./refusals";
import { turnTo, useCurrent, useModels } from "./state";

/** Which dialog this is, who answers in it, and what there is to spend. */
export function Head() {
  const { t, format } = useI18n();
  const [, go] = useLocation();
  const current = useCurrent();
  const models = useModels();
  const { data: account } = useAccount();
  const [isChoosing, setChoosing] = useState(false);
  const title = current.data?.dialog?.title || t("chat.new_dialog");
  const model = models.data?.find(({ slug }) => slug === current.data?.model);
  const isUnlimited = account?.entitlements.some(({ kind }) => kind === "unlimited");
  const left = isUnlimited ? "∞" : format.number((account && tokensOf(account)?.available) ?? 0);
  useBackButton(() => go("/"));
  useEffect(() => {
    document.title = t("tab.chat");
  }, [t]);
  async function begin() {
    haptic("light");
    try {
      await turnTo({ dialog_id: null });
      toast(t("chat.dialog_begins"));
    } catch (error) {
      toast(problemText(error), true);
    }
  }
  return (
    <header className="flex min-h-15 shrink-0 items-center gap-0.5 border-b border-line bg-sheet/92 px-1.5 backdrop-blur-xl sm:px-4">
      {!launch && <Link href="/" aria-label={t("action.back")} className="tap grid size-11 shrink-0 place-items-center rounded-full text-brand-text hover:bg-hover md:hidden"><ChevronLeft aria-hidden className="size-6" /></Link>}
      <button type="button" onClick={() => setChoosing(true)} aria-haspopup="dialog" className="tap grid min-h-12 min-w-0 flex-1 content-center rounded-2xl px-2.5 text-left hover:bg-hover">
        <span className="truncate leading-tight font-semibold">{title}</span>
        <span className="flex min-w-0 items-center gap-0.5 text-[13px] leading-tight text-ink-soft"><span className="truncate">{model?.name ?? current.data?.model ?? " "}</span><ChevronDown aria-hidden className="size-3.5 shrink-0" />{account && <span className="shrink-0 pl-1 tabular-nums sm:hidden">{left}</span>}</span>
      </button>
      {account && (
        <Link href="/plans" aria-label={t(isUnlimited ? "chat.unlimited_label" : "chat.balance_label", { count: tokensOf(account)?.available ?? 0 })} className="tap hidden min-h-9 shrink-0 items-center rounded-full bg-brand-soft px-3.5 text-[14px] font-semibold text-brand-text tabular-nums hover:brightness-97 sm:flex">
          {left}
        </Link>
      )}
      <IconButton label={t("chat.new_dialog")} onClick={() => void begin()}><SquarePen /></IconButton>
      <Link href="/dialogs" aria-label={t("dialogs.title")} title={t("dialogs.title")} className="tap grid size-11 shrink-0 place-items-center rounded-full text-ink-soft hover:bg-hover hover:text-ink"><History aria-hidden className="size-[22px]" /></Link>
      {isChoosing && <ModelSheet current={current.data?.model} onClose={() => setChoosing(false)} />}
    </header>
  );
}
