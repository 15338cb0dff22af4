// A message that is still being generated, with its Stop button.

import { Icon } from "../parts";
import { usePreferences } from "../preferences";
import { flatten } from "../side/Sidebar";
import type { Draft } from "../types";
import { FormattedText } from "./Entities";
import { Rich } from "./Rich";

export function DraftBubble({ draft, onStop }: { draft: Draft; onStop: () => void }) {
  const { t } = usePreferences();
  // A heading whose words have not come yet is nothing to look at.
  const isEmpty = !draft.text && !flatten(draft.rich_message?.blocks).trim();
  return (
    <div className={`mt-2 ${draft.rich_message ? "max-w-[94%] min-w-[60%]" : "max-w-[86%]"} w-fit`} aria-live="polite">
      <div className="bubble rounded-[18px] rounded-bl-md bg-(--bubble-in) px-3 pt-1.5 pb-2 text-[15.5px] leading-[1.36]">
        {isEmpty && <span className="shimmer font-medium">{t("thinking")}</span>}
        {draft.text && <span className="caret"><FormattedText text={draft.text} entities={draft.entities} /></span>}
        {draft.rich_message && !isEmpty && <Rich content={draft.rich_message} isLive />}
      </div>
      {draft.can_stop && (
        <button type="button" onClick={onStop}
          className="mt-1.5 flex animate-fade items-center gap-1.5 rounded-full bg-(--key) py-1.5 pr-3.5 pl-2.5 text-[14px] font-medium text-(--key-ink) shadow-[0_1px_2px_#1018281c] backdrop-blur hover:brightness-95 dark:hover:brightness-115">
          <Icon name="stop" size={16} /> {t("stop")}
        </button>
      )}
    </div>
  );
}

export function Typing() {
  const { t } = usePreferences();
  return (
    <div className="bubble mt-2 flex w-fit animate-rise items-center gap-1 rounded-[18px] rounded-bl-md bg-(--bubble-in) px-3.5 py-3 text-ink-soft" role="status" aria-label={t("typing")}>
      {[0, 160, 320].map((delay) => <span key={delay} className="dot" style={{ animationDelay: `${delay}ms` }} />)}
    </div>
  );
}
