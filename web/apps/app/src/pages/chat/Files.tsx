/** Files of a message: pictures to look at, documents to open. */
import type { Attachment } from "@kassa/chat";
import { data } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { Download, FileText, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useI18n } from "../../app/i18n";
import { api } from "../../app/session";
import { openLink, launch, useBackButton } from "../../app/telegram";
import { cn } from "../../ui/cn";
import { IconButton } from "../../ui/Button";
import { Spinner } from "../../ui/States";
import { toast } from "../../ui/toast";
import { problemText } from "./refusals";

const ask = (id: string) => data(api.GET("/api/v1/files/{file_id}", { params: { path: { file_id: id } } })) as Promise<Attachment>;

/** Addresses work for a quarter of an hour: one that has ended is asked for anew. */
function works(file: Attachment): boolean {
  const ends = Number(new URLSearchParams((file.url ?? "").split("?")[1]).get("expires"));
  return ends * 1000 > Date.now() + 5000;
}

export function useFresh(file: Attachment) {
  return useQuery({
    queryKey: ["file", file.id],
    queryFn: () => ask(file.id),
    initialData: works(file) ? file : undefined,
    staleTime: (query) => (query.state.data && works(query.state.data) ? 600_000 : 0),
    retry: false,
  });
}

export function Files({ files, isMine = false }: { files: Attachment[]; isMine?: boolean }) {
  if (!files.length) return null;
  const pictures = files.filter((file) => file.category === "images");
  const others = files.filter((file) => file.category !== "images");
  return (
    <div className={cn("grid max-w-full gap-1.5", isMine && "justify-items-end")}>
      {pictures.length > 0 && (
        <div className={cn("grid w-fit max-w-full gap-1 overflow-hidden rounded-3xl", pictures.length === 1 ? "grid-cols-1" : pictures.length === 2 || pictures.length === 4 ? "grid-cols-2" : "grid-cols-3")}>
          {pictures.map((file) => <Picture key={file.id} file={file} isAlone={pictures.length === 1} />)}
        </div>
      )}
      {others.map((file) => <Paper key={file.id} file={file} />)}
    </div>
  );
}

function Picture({ file, isAlone }: { file: Attachment; isAlone: boolean }) {
  const { t } = useI18n();
  const fresh = useFresh(file);
  const [isOpen, setOpen] = useState(false);
  const source = fresh.data?.thumbnail_url ?? fresh.data?.url;
  const { width, height } = file;
  // The room is known before the picture is there, so nothing jumps.
  const size = isAlone && width && height ? { width: Math.min(260, width, (260 * width) / height), aspectRatio: `${width} / ${height}` } : undefined;
  return (
    <>
      <button
        type="button" aria-label={t("chat.open_picture", { name: file.name })} onClick={() => setOpen(true)} style={size}
        className={cn("grid place-items-center overflow-hidden bg-mute-soft text-ink-soft", size ? "max-h-80 min-h-20 min-w-20" : "size-26")}
      >
        {source ? <img src={source} alt="" loading="lazy" decoding="async" className="size-full object-cover" /> : fresh.isError ? <span className="p-2 text-center text-[13px]">{t("chat.file_gone")}</span> : <Spinner />}
      </button>
      {isOpen && <Look file={file} onClose={() => setOpen(false)} />}
    </>
  );
}

/** A picture over everything. */
function Look({ file, onClose }: { file: Attachment; onClose(): void }) {
  const { t } = useI18n();
  const fresh = useFresh(file);
  const dialog = useRef<HTMLDialogElement>(null);
  useBackButton(onClose);
  useEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    return () => shown.close();
  }, []);
  return (
    <dialog
      ref={dialog} aria-label={file.name} onCancel={(event) => { event.preventDefault(); onClose(); }} onClick={onClose}
      className="m-0 h-dvh max-h-none w-dvw max-w-none bg-black/90 p-0 open:animate-fade backdrop:bg-black"
    >
      <div className="grid size-full place-items-center p-3">
        {fresh.data?.url ? <img src={fresh.data.url} alt={file.name} className="max-h-[92dvh] max-w-full rounded-xl object-contain" /> : <span className="text-white">{fresh.isError ? t("chat.file_gone") : <Spinner />}</span>}
      </div>
      <IconButton label={t("action.close")} onClick={onClose} className="absolute top-[calc(var(--safe-top)+0.5rem)] right-2 bg-black/50 !text-white hover:bg-black/70"><X /></IconButton>
    </dialog>
  );
}

function Paper({ file }: { file: Attachment }) {
  const { t, format } = useI18n();
  async function open() {
    try {
      const { url } = works(file) ? file : await ask(file.id);
      if (url) launch ? openLink(new URL(url, location.origin).href) : location.assign(url);
      else toast(t("chat.file_gone"), true);
    } catch (error) {
      toast(problemText(error), true);
    }
  }
  return (
    <button type="button" onClick={() => void open()} aria-label={t("chat.open_file", { name: file.name })} className="tap flex min-h-14 max-w-full items-center gap-3 rounded-3xl bg-sheet py-2 pr-4 pl-2.5 text-left text-ink shadow-[0_1px_2px_rgb(var(--shadow)/0.05)] hover:bg-hover">
      <span className="grid size-10 shrink-0 place-items-center rounded-2xl bg-brand-soft text-brand-text"><FileText aria-hidden className="size-5" /></span>
      <span className="grid min-w-0">
        <span className="truncate text-[15px] font-medium">{file.name}</span>
        <span className="text-[13px] text-ink-soft">{format.size(file.size_bytes)}</span>
      </span>
      <Download aria-hidden className="ml-1 size-4.5 shrink-0 text-ink-soft" />
    </button>
  );
}
