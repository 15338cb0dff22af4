import { useRef } from "react";
import { Link } from "wouter";
import { tokensOf, useAccount } from "../../app/account";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { cn } from "../../ui/cn";
import { Skeleton } from "../../ui/States";
import { Composer } from "./Composer";
import { Head } from "./Head";
import { Log, type LogHandle } from "./Log";
import { useCurrent } from "./state";
import { useTalk } from "./talk";
import "./texts";
import { NEW, readDraft } from "./useDraft";
import { useViewport } from "./useViewport";
import "./chat.css";

/** The chat: a column as high as the keyboard leaves it, so that what one writes is never covered. */
export default function Chat() {
  const { t } = useI18n();
  const talk = useTalk();
  const current = useCurrent();
  const { top, height, isTyping } = useViewport();
  const log = useRef<LogHandle | null>(null);
  // Once one can write, that stays, also while what has failed is asked for again.
  const dialog = current.data ? String(current.data.dialog?.number ?? NEW) : current.isFetched ? NEW : null;
  return (
    <section aria-label={t("tab.chat")} className="fixed inset-x-0 z-20 flex flex-col bg-page md:left-60" style={{ top, height, paddingTop: "var(--safe-top)" }}>
      <Head />
      {talk.isAway && <p role="status" className="shrink-0 animate-fade bg-warn-soft px-4 py-1.5 text-center text-[14px] text-warn">{t("chat.away")}</p>}
      {talk.problem ? <div className="flex-1"><LoadFailed error={talk.problem} onRetry={() => talk.load()} /></div> : talk.isLoaded ? <Log talk={talk} handle={log} /> : <Waiting />}
      <div className={cn("mx-auto w-full max-w-3xl shrink-0 px-2 sm:px-6", isTyping ? "pb-2" : "pb-[max(0.5rem,var(--safe-bottom))] sm:pb-5")}>
        <Empty />
        {dialog !== null && talk.isLoaded && <Composer conversation={talk.conversation} dialog={dialog} kept={readDraft(dialog).attachments} onSent={() => log.current?.toEnd()} />}
      </div>
    </section>
  );
}

/** There is nothing to pay an answer with. */
function Empty() {
  const { t } = useI18n();
  const { data: account } = useAccount();
  const tokens = account && tokensOf(account);
  if (!account || (tokens?.available ?? 0) > 0 || (tokens?.held ?? 0) > 0 || account.entitlements.some(({ kind }) => kind !== "plan")) return null;
  return (
    <p className="mb-2 flex items-center justify-between gap-3 rounded-3xl bg-warn-soft py-1.5 pr-1.5 pl-4 text-[15px] text-warn">
      {t("chat.empty")}
      <Link href="/plans" className="tap flex min-h-10 shrink-0 items-center rounded-2xl bg-sheet px-4 font-semibold text-ink hover:bg-hover">{t("chat.buy")}</Link>
    </p>
  );
}

function Waiting() {
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col justify-end gap-4 px-3 pb-4 sm:px-6">
      <Skeleton className="h-20 w-3/4 rounded-3xl" />
      <div className="ml-auto w-1/2"><Skeleton className="h-12 rounded-3xl" /></div>
      <Skeleton className="h-32 w-5/6 rounded-3xl" />
    </div>
  );
}
