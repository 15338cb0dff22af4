// The history, which stays at the newest message until the person scrolls away.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

import { Icon } from "../parts";
import { usePreferences } from "../preferences";
import type { Open } from "../state";
import type { Draft, Message } from "../types";
import { Bubble, ServiceMessage, isService } from "./Bubble";
import { DraftBubble, Typing } from "./DraftBubble";

const NEAR_END_PX = 120;

export function MessageList({ open, personId, onReply, onCommand, onStop }: {
  open: Open; personId: number; onReply: (message: Message) => void; onCommand: (text: string) => void; onStop: (draft: Draft) => void;
}) {
  const { t } = usePreferences();
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [isAway, setAway] = useState(false);
  const count = open.messages.length;
  const newest = open.messages.at(-1);
  const isOwnNewest = newest?.from?.id === personId;

  const toEnd = useCallback((behavior: ScrollBehavior = "auto") => {
    list.current?.scrollTo({ top: list.current.scrollHeight, behavior });
  }, []);

  useLayoutEffect(() => {
    if (isOwnNewest) follows.current = true;
    if (follows.current) toEnd();
  }, [count, isOwnNewest, toEnd]);

  useEffect(() => {
    // Pictures, formulas, drafts: whatever grows later keeps the end in view.
    const observer = new ResizeObserver(() => follows.current && toEnd());
    if (content.current) observer.observe(content.current);
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, [toEnd]);

  const onScroll = () => {
    const node = list.current;
    if (!node) return;
    follows.current = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_END_PX;
    setAway(!follows.current);
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={list} onScroll={onScroll} tabIndex={0} role="log" aria-label={t("message")} className="h-full overflow-x-hidden overflow-y-auto overscroll-contain px-2.5 outline-none">
        <div ref={content} className="flex min-h-full flex-col justify-end pt-3 pb-2">
          {open.messages.map((message, index) => {
            const before = open.messages[index - 1];
            const after = open.messages[index + 1];
            const isNewDay = !before || dayOf(before) !== dayOf(message);
            return (
              <div key={message.message_id}>
                {isNewDay && <Day seconds={message.date} />}
                {isService(message) ? <ServiceMessage message={message} /> : (
                  <Bubble message={message} isOwn={message.from?.id === personId} isGroup={open.chat.type !== "private"} onReply={onReply} onCommand={onCommand}
                    isFirst={isNewDay || before?.from?.id !== message.from?.id || isService(before)} isLast={!after || after.from?.id !== message.from?.id} />
                )}
              </div>
            );
          })}
          {open.draft && <DraftBubble draft={open.draft} onStop={() => onStop(open.draft!)} />}
          {!open.draft && open.typingUntil > 0 && <Typing />}
        </div>
      </div>
      {isAway && (
        <button type="button" aria-label={t("down")} onClick={() => { follows.current = true; toEnd("smooth"); }}
          className="absolute right-3 bottom-3 grid size-10 animate-fade place-items-center rounded-full bg-panel text-ink-soft shadow-lg hover:text-ink">
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function dayOf(message: Message): string {
  return new Date(message.date * 1000).toDateString();
}

function Day({ seconds }: { seconds: number }) {
  const { t, language } = usePreferences();
  const date = new Date(seconds * 1000);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  const words = days === 0 ? t("today") : days === 1 ? t("yesterday") : date.toLocaleDateString(language, { day: "numeric", month: "long" });
  return <div className="my-2 flex justify-center"><span className="rounded-full bg-(--pill) px-3 py-0.5 text-[13px] font-medium text-white">{words}</span></div>;
}
