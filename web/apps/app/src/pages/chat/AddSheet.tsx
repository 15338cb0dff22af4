import type { Button, Conversation } from "@kassa/chat";
import { FileText, Image, type LucideIcon } from "lucide-react";
import { useRef } from "react";
import { useI18n } from "../../app/i18n";
import { Section, Cell } from "../../ui/Section";
import { Sheet } from "../../ui/Sheet";
import { DOCUMENT_MB, DOCUMENTS, MOST_FILES, PICTURE_MB } from "./uploads";

interface Props {
  conversation: Conversation;
  onFiles(files: File[]): void;
  onCommand(name: string): void;
  onPress(button: Button): void;
  onClose(): void;
}

/** What else can be sent: pictures, documents, and what the bot knows to do. */
export function AddSheet({ conversation, onFiles, onCommand, onPress, onClose }: Props) {
  const { t } = useI18n();
  const { menu = [], commands = [] } = conversation.about ?? {};
  return (
    <Sheet title={t("chat.add_title")} onClose={onClose}>
      <div className="grid grid-cols-2 gap-2">
        <Pick icon={Image} label={t("chat.picture")} hint={t("chat.up_to", { limit: PICTURE_MB })} accept="image/*" onFiles={onFiles} />
        <Pick icon={FileText} label={t("chat.document")} hint={t("chat.up_to", { limit: DOCUMENT_MB })} accept={DOCUMENTS} onFiles={onFiles} />
      </div>
      <p className="-mt-1 px-1 text-[13px] text-ink-soft">{t("chat.limits", { count: MOST_FILES })}</p>
      {menu.length > 0 && (
        <Section title={t("chat.menu")}>
          {menu.flat().map((button) => <Cell key={button.action} title={button.text} onPress={() => onPress(button)} />)}
        </Section>
      )}
      {commands.length > 0 && (
        <Section title={t("chat.commands")}>
          {commands.map(({ name, description }) => <Cell key={name} title={description} end={<span className="text-[14px]">/{name}</span>} onPress={() => onCommand(name)} />)}
        </Section>
      )}
    </Sheet>
  );
}

function Pick({ icon: Icon, label, hint, accept, onFiles }: { icon: LucideIcon; label: string; hint: string; accept: string; onFiles(files: File[]): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()} className="tap grid justify-items-center gap-1 rounded-3xl bg-sheet px-3 py-4 hover:bg-hover">
        <span className="mb-1 grid size-12 place-items-center rounded-full bg-brand-soft text-brand-text"><Icon aria-hidden className="size-6" /></span>
        <span className="font-medium">{label}</span>
        <span className="text-[13px] text-ink-soft">{hint}</span>
      </button>
      <input ref={input} type="file" multiple accept={accept} hidden aria-label={label} onChange={(event) => { onFiles([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} />
    </>
  );
}
