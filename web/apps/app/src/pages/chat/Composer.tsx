import type { Attachment, Conversation } from "@kassa/chat";
import { ArrowUp, Plus, Square } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type ClipboardEvent, type FormEvent, type KeyboardEvent } from "react";
import { useI18n } from "../../app/i18n";
import { haptic, useClosingConfirmation } from "../../app/telegram";
import { IconButton } from "../../ui/Button";
import { toast } from "../../ui/toast";
import { AddSheet } from "./AddSheet";
import { Chosen } from "./Chosen";
import { DropArea } from "./DropArea";
import { Suggestions } from "./Suggestions";
import { useDraftText } from "./useDraft";
import { useUploads } from "./uploads";

const LONGEST = 40_000;

/** Whether there is a keyboard to send with; on a phone Enter begins a new line. */
const hasKeyboard = () => matchMedia("(hover: hover) and (pointer: fine)").matches;

interface Props {
  conversation: Conversation;
  /** Which dialog is written in: each has a draft of its own. */
  dialog: string;
  kept: Attachment[];
  onSent(): void;
}

/** Where one writes: it grows with the text, keeps it over reloads, and takes files from everywhere. */
export function Composer({ conversation, dialog, kept, onSent }: Props) {
  const { t } = useI18n();
  const field = useRef<HTMLTextAreaElement>(null);
  const [isAdding, setAdding] = useState(false);
  const { uploads, add, remove, retry, replace } = useUploads(kept);
  const ready = uploads.flatMap(({ attachment }) => (attachment ? [attachment] : []));
  const { text, setText } = useDraftText(dialog, ready, replace);
  const isUploading = uploads.some(({ attachment, problem }) => !attachment && !problem);
  const hasProblem = uploads.some(({ problem }) => problem !== null);
  const isEmpty = text.trim() === "" && uploads.length === 0;
  const isWritten = conversation.draft !== null;
  useClosingConfirmation(!isEmpty || conversation.unsent.length > 0);

  useLayoutEffect(() => {
    const area = field.current!;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);
  useEffect(() => {
    if (hasKeyboard()) field.current?.focus({ preventScroll: true });
  }, [dialog]);

  function send(words = text.trim()) {
    if (isUploading) return toast(t("chat.wait_upload"));
    if (hasProblem) return toast(t("chat.mend_upload"), true);
    if (!words && !ready.length) return;
    haptic("light");
    void conversation.say(words, ready);
    setText("");
    replace([]);
    onSent();
    field.current?.focus({ preventScroll: true });
  }
  function command(name: string) {
    haptic("light");
    void conversation.say(`/${name}`);
    if (text.startsWith("/")) setText("");
    setAdding(false);
    onSent();
  }
  function keyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || !(hasKeyboard() || event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    send();
  }
  function paste(event: ClipboardEvent) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    send();
  }
  async function stop() {
    haptic("light");
    await conversation.stop().catch(() => toast(t("chat.not_stopped"), true));
  }
  return (
    <>
      <DropArea onDrop={add} />
      {/^\/\S*$/.test(text) && <Suggestions commands={conversation.about?.commands ?? []} word={text.slice(1)} onChoose={command} />}
      <form onSubmit={submit} className="rounded-[26px] border border-line bg-sheet p-1.5 shadow-[0_4px_20px_-8px_rgb(var(--shadow)/0.25)] focus-within:border-line-strong">
        <Chosen uploads={uploads} onRemove={remove} onRetry={retry} />
        <div className="flex items-end gap-1">
          <IconButton label={t("chat.add")} onClick={() => setAdding(true)}><Plus /></IconButton>
          <textarea
            ref={field} rows={1} value={text} maxLength={LONGEST} aria-label={t("chat.message")} placeholder={t("chat.placeholder")} enterKeyHint={hasKeyboard() ? "send" : "enter"}
            onInput={(event) => setText(event.currentTarget.value)} onKeyDown={keyDown} onPaste={paste}
            className="max-h-[min(40dvh,14rem)] min-h-11 min-w-0 flex-1 resize-none bg-transparent px-1 py-2.5 leading-6 text-ink placeholder:text-ink-faint focus:outline-none"
          />
          {isWritten && <button type="button" aria-label={t("chat.stop")} title={t("chat.stop")} onClick={() => void stop()} className="tap grid size-11 shrink-0 place-items-center rounded-full bg-ink text-page"><Square aria-hidden className="size-4 fill-current" /></button>}
          {(!isWritten || !isEmpty) && (
            <button type="submit" aria-label={t("chat.send")} title={t("chat.send")} aria-disabled={isEmpty || isUploading} className="tap grid size-11 shrink-0 place-items-center rounded-full bg-brand text-brand-ink aria-disabled:bg-mute-soft aria-disabled:text-ink-faint">
              <ArrowUp aria-hidden className="size-5.5" strokeWidth={2.4} />
            </button>
          )}
        </div>
      </form>
      {isAdding && <AddSheet conversation={conversation} onFiles={(files) => { setAdding(false); add(files); }} onCommand={command} onPress={(button) => { setAdding(false); void conversation.press(button); onSent(); }} onClose={() => setAdding(false)} />}
    </>
  );
}
