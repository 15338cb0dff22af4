import type { Button, Message } from "@kassa/chat";
import { ArrowDown, MessageCircle } from "lucide-react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type UIEvent } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useI18n } from "../../app/i18n";
import { toast } from "../../ui/toast";
import { Spinner } from "../../ui/States";
import { Bubble, Buttons, UnsentBubble } from "./Bubble";
import { Prose } from "./Prose";
import { rowsOf, type Row } from "./rows";
import type { useTalk } from "./talk";

/** So near to the end one is at the end. */
const NEAR = 60;
const EARLY = 500;

export interface LogHandle {
  toEnd(): void;
}

/** The conversation. Earlier messages come when one gets there; who reads the newest stays with it while it is written. */
export function Log({ talk, handle }: { talk: ReturnType<typeof useTalk>; handle: { current: LogHandle | null } }) {
  const { t } = useI18n();
  const { conversation } = talk;
  const { messages, unsent, draft } = conversation;
  const rows = useMemo(() => rowsOf(messages), [messages]);
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const isStuck = useRef(true);
  /** The person moves it. Whatever else scrolls is a matter of sizes that were not known. */
  const isHeld = useRef(false);
  const isLoading = useRef(false);
  const [isAtEnd, setAtEnd] = useState(true);
  const firstId = messages[0]?.id;
  const first = useRef(firstId);
  // Earlier messages were put before those that are read: the place is kept from the end.
  const isShifted = first.current !== undefined && firstId !== undefined && firstId < first.current;
  useEffect(() => {
    first.current = firstId;
  }, [firstId]);

  const stick = () => {
    if (isStuck.current && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  };
  handle.current = {
    toEnd() {
      isStuck.current = true;
      isHeld.current = false;
      setAtEnd(true);
      if (rows.length) list.current?.scrollToIndex(rows.length - 1, { align: "end" });
      requestAnimationFrame(stick);
    },
  };
  useLayoutEffect(() => handle.current!.toEnd(), []);
  useLayoutEffect(stick, [messages, unsent, draft, conversation.isTyping]);
  useEffect(() => {
    // Messages are measured, pictures come, the keyboard opens: whoever is at the end stays there.
    const watcher = new ResizeObserver(stick);
    watcher.observe(content.current!);
    watcher.observe(scroller.current!);
    return () => watcher.disconnect();
  }, []);

  async function loadOlder() {
    if (isLoading.current || conversation.older === null) return;
    isLoading.current = true;
    try {
      await conversation.loadOlder();
    } catch {
      toast(t("chat.older_failed"), true);
    } finally {
      isLoading.current = false;
    }
  }
  function scrolled({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: UIEvent<HTMLDivElement>) {
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR;
    if (isNear) {
      isStuck.current = true;
      isHeld.current = false;
    } else if (isHeld.current) {
      isStuck.current = false;
    }
    setAtEnd(isNear || isStuck.current);
    if (scrollTop < EARLY) void loadOlder();
  }
  const hold = () => {
    isHeld.current = true;
  };
  const press = useMemo(() => (button: Button, message: Message) => {
    isStuck.current = true;
    isHeld.current = false;
    void conversation.press(button, message).catch(() => toast(t("chat.not_pressed"), true));
  }, [conversation]);
  const isEmpty = talk.isLoaded && messages.length === 0 && unsent.length === 0;
  return (
    <div className="relative min-h-0 flex-1">
      <div ref={scroller} onScroll={scrolled} onWheel={hold} onTouchMove={hold} onPointerDown={hold} onKeyDown={hold} tabIndex={0} role="log" aria-label={t("chat.log")} className="h-full overflow-y-auto overscroll-contain outline-none focus-visible:outline-2 focus-visible:-outline-offset-2" style={{ overflowAnchor: "none" }}>
        <div ref={content} className="mx-auto flex min-h-full max-w-3xl flex-col px-3 pt-3 pb-4 sm:px-6">
          <div className="flex-1" />
          {conversation.older !== null && <div className="grid h-10 place-items-center text-ink-soft"><Spinner /></div>}
          {isEmpty && <Greeting talk={talk} />}
          <Virtualizer ref={list} data={rows} shift={isShifted} scrollRef={scroller} startMargin={conversation.older !== null ? 52 : 12}>
            {(row: Row, index: number) => (
              <div key={row.key} className={row.isLast ? "pb-3" : undefined}>
                {row.isFirst && <Day message={row.message} before={rows[index - 1]?.message} />}
                <Bubble row={row} onPress={press} />
              </div>
            )}
          </Virtualizer>
          {unsent.map((one) => <div key={one.id} className="pb-3"><UnsentBubble unsent={one} onRetry={() => void conversation.retry(one)} onDrop={() => conversation.drop(one)} /></div>)}
          {draft ? <Writing>{draft.text ? <Prose text={draft.text} /> : <Dots label={t("chat.writing")} />}</Writing> : conversation.isTyping && <Writing><Dots label={t("chat.writing")} /></Writing>}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" aria-label={t("chat.to_end")} title={t("chat.to_end")} onClick={() => handle.current?.toEnd()} className="tap absolute right-4 bottom-3 grid size-11 animate-fade place-items-center rounded-full border border-line bg-sheet text-ink-soft shadow-lg hover:text-ink"><ArrowDown aria-hidden className="size-5.5" /></button>
      )}
    </div>
  );
}

const dayOf = (message: Message) => new Date(message.created_at).toDateString();

function Day({ message, before }: { message: Message; before: Message | undefined }) {
  const { t, locale } = useI18n();
  if (before && dayOf(before) === dayOf(message)) return null;
  const at = new Date(message.created_at);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  const words = days === 0 ? t("chat.today") : days === 1 ? t("chat.yesterday") : at.toLocaleDateString(locale, { day: "numeric", month: "long", year: at.getFullYear() === new Date().getFullYear() ? undefined : "numeric" });
  return <p className="mt-1 mb-4 text-center text-[13px] font-medium text-ink-soft">{words}</p>;
}

function Greeting({ talk }: { talk: ReturnType<typeof useTalk> }) {
  const { conversation } = talk;
  const { about } = conversation;
  if (!about) return null;
  return (
    <div className="grid justify-items-center gap-4 py-8 text-center">
      <span className="grid size-16 place-items-center rounded-full bg-brand-soft text-brand-text"><MessageCircle aria-hidden className="size-8" /></span>
      <div className="max-w-md text-[17px]"><Prose text={about.greeting} /></div>
      <Buttons rows={about.menu} onPress={(button) => void conversation.press(button).catch(() => undefined)} />
    </div>
  );
}

/** What is being written. Readers of screens get it when it is complete. */
function Writing({ children }: { children: ReactNode }) {
  return (
    <div aria-live="off" data-draft className="grid justify-items-start pb-3">
      <div className="max-w-full min-w-0 rounded-3xl rounded-tl-lg bg-sheet px-4 py-3 shadow-[0_1px_2px_rgb(var(--shadow)/0.05)]">{children}</div>
    </div>
  );
}

function Dots({ label }: { label: string }) {
  return (
    <span role="img" aria-label={label} className="flex h-6 items-center gap-1.5">
      {[0, 150, 300].map((delay) => <span key={delay} className="size-2 animate-bounce rounded-full bg-ink-faint" style={{ animationDelay: `${delay}ms`, animationDuration: "900ms" }} />)}
    </span>
  );
}
