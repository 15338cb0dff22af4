import { FileText, RotateCw, X } from "lucide-react";
import { useI18n } from "../../app/i18n";
import { cn } from "../../ui/cn";
import { useFresh } from "./Files";
import type { Upload } from "./uploads";

/** What goes with the message: to look at and to take back before it is sent. */
export function Chosen({ uploads, onRemove, onRetry }: { uploads: Upload[]; onRemove(id: string): void; onRetry(upload: Upload): void }) {
  const { t } = useI18n();
  if (!uploads.length) return null;
  return (
    <ul aria-label={t("chat.chosen")} className="flex gap-2 overflow-x-auto px-1 pt-1 pb-2">
      {uploads.map((upload) => <One key={upload.id} upload={upload} onRemove={() => onRemove(upload.id)} onRetry={() => onRetry(upload)} />)}
    </ul>
  );
}

function One({ upload, onRemove, onRetry }: { upload: Upload; onRemove(): void; onRetry(): void }) {
  const { t, format } = useI18n();
  const { name, size, progress, problem } = upload;
  const isDone = upload.attachment !== null;
  return (
    <li className={cn("relative flex w-60 shrink-0 items-center gap-2.5 overflow-hidden rounded-[18px] bg-sunken p-2 pr-1", problem && "bg-bad-soft")}>
      <span className="relative grid size-12 shrink-0 place-items-center overflow-hidden rounded-xl bg-brand-soft text-brand-text">
        {upload.preview ? <img src={upload.preview} alt="" className="size-full object-cover" /> : upload.isPicture && upload.attachment ? <Kept upload={upload} /> : <FileText aria-hidden className="size-5.5" />}
      </span>
      <span className="grid min-w-0 flex-1">
        <span className="truncate text-[14px] font-medium">{name}</span>
        {problem ? <span role="alert" className="text-[13px] leading-tight text-bad">{problem}</span> : <span className="text-[13px] text-ink-soft tabular-nums">{isDone ? format.size(size) : t("chat.uploading", { percent: Math.round(progress * 100) })}</span>}
      </span>
      {problem && upload.file && <button type="button" aria-label={t("chat.retry_upload", { name })} onClick={onRetry} className="tap grid size-9 shrink-0 place-items-center rounded-full text-bad hover:bg-hover"><RotateCw aria-hidden className="size-4.5" /></button>}
      <button type="button" aria-label={t("chat.remove", { name })} onClick={onRemove} className="tap grid size-9 shrink-0 place-items-center rounded-full text-ink-soft hover:bg-hover hover:text-ink"><X aria-hidden className="size-4.5" /></button>
      {!isDone && !problem && <span aria-hidden className="absolute inset-x-0 bottom-0 h-0.75 bg-line"><span className="block h-full bg-brand transition-[width]" style={{ width: `${Math.max(4, progress * 100)}%` }} /></span>}
    </li>
  );
}

/** A picture that was chosen before the page was loaded again: the server has it already. */
function Kept({ upload }: { upload: Upload }) {
  const { data } = useFresh(upload.attachment!);
  return data?.thumbnail_url ? <img src={data.thumbnail_url} alt="" className="size-full object-cover" /> : null;
}
