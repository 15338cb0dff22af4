// The file of a message.

import { api } from "../api";
import { Icon } from "../parts";
import { usePreferences } from "../preferences";
import type { FileFacts, Message } from "../types";

export function Attachment({ message }: { message: Message }) {
  const photo = message.photo?.at(-1);
  if (photo) return <Picture file={photo} hasText={Boolean(message.caption)} />;
  const film = message.video ?? message.animation ?? message.video_note;
  if (film) return <video src={api.fileUrl(film.file_id)} controls className="mb-1.5 max-h-96 w-full bg-black" />;
  const sound = message.voice ?? message.audio;
  if (sound) return <Sound file={sound} isVoice={Boolean(message.voice)} />;
  if (message.sticker) return <img src={api.fileUrl(message.sticker.file_id)} alt="" className="m-2 size-36 object-contain" />;
  return message.document ? <Paper file={message.document} /> : null;
}

function Picture({ file, hasText }: { file: FileFacts; hasText: boolean }) {
  const ratio = (file.width ?? 4) / (file.height ?? 3);
  return (
    // The place is kept before the picture comes, so that the chat does not jump.
    <a href={api.fileUrl(file.file_id)} target="_blank" rel="noreferrer" className={`block w-[19rem] max-w-full overflow-hidden bg-ink/5 ${hasText ? "mb-1.5" : "mb-1"}`}
      style={{ aspectRatio: Math.min(Math.max(ratio, 0.6), 2.2) }}>
      <img src={api.fileUrl(file.file_id)} alt="" className="size-full object-cover" />
    </a>
  );
}

function Sound({ file, isVoice }: { file: FileFacts; isVoice: boolean }) {
  const { t } = usePreferences();
  return (
    <div className="w-72 max-w-full px-3 pb-1">
      <div className="mb-1 truncate text-[13.5px] font-medium">{isVoice ? t("voice") : (file.title ?? file.file_name)}</div>
      <audio src={api.fileUrl(file.file_id)} controls className="h-9 w-full" />
    </div>
  );
}

function Paper({ file }: { file: FileFacts }) {
  const { t } = usePreferences();
  return (
    <a href={api.fileUrl(file.file_id)} download={file.file_name} className="flex items-center gap-3 px-3 py-1 hover:opacity-85">
      <span className="grid size-11 shrink-0 place-items-center rounded-full bg-accent text-white dark:text-[#08121d]"><Icon name="file" size={22} /></span>
      <span className="min-w-0">
        <span className="block truncate font-medium">{file.file_name ?? t("file")}</span>
        <span className="text-[13px] text-ink-soft">{sizeOf(file.file_size ?? 0)}</span>
      </span>
    </a>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
