/** Files on their way to a message: made ready, sent with progress, tried again when that fails. */
import type { Attachment } from "@kassa/chat";
import { ApiError } from "@kassa/api";
import { newId } from "@kassa/live";
import { useCallback, useEffect, useRef, useState } from "react";
import { translate } from "../../app/i18n";
import { session } from "../../app/session";
import { toast } from "../../ui/toast";
import { shrink } from "./pictures";
import { problemText } from "./refusals";

export const MOST_FILES = 10;
export const PICTURE_MB = 10;
export const DOCUMENT_MB = 20;
const MB = 2 ** 20;

/** Programs call texts many things; the server takes them as what they are. */
const TEXT = /\.(txt|md|csv|tsv|json|log|ya?ml|py|m?js|jsx|tsx?|sql|toml|ini|css|scss|sh|go|rs|java|kt|swift|c|h|cpp|hpp|cs|rb|php|lua|r|tex)$/i;
export const DOCUMENTS = ".pdf,.txt,.md,.csv,.tsv,.json,.log,.yaml,.yml,.py,.js,.jsx,.ts,.tsx,.sql,.toml,.ini,.css,.scss,.sh,.go,.rs,.java,.kt,.swift,.c,.h,.cpp,.hpp,.cs,.rb,.php,.lua,.r,.tex";

export interface Upload {
  id: string;
  name: string;
  size: number;
  isPicture: boolean;
  /** What there is to see of it before it is sent. */
  preview: string | null;
  /** From 0 to 1; 1 when the server has it. */
  progress: number;
  problem: string | null;
  attachment: Attachment | null;
  file: File | null;
}

export function useUploads(kept: Attachment[]) {
  const [uploads, setUploads] = useState<Upload[]>(() => kept.map(fromKept));
  const running = useRef(new Map<string, XMLHttpRequest>());
  const latest = useRef(uploads);
  latest.current = uploads;
  const change = useCallback((id: string, facts: Partial<Upload>) => setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...facts } : one))), []);

  useEffect(
    () => () => {
      for (const request of running.current.values()) request.abort();
      for (const { preview } of latest.current) if (preview) URL.revokeObjectURL(preview);
    },
    [],
  );

  const send = useCallback(async (id: string, file: File) => {
    change(id, { progress: 0, problem: null });
    try {
      const attachment = await post(file, (request) => running.current.set(id, request), (progress) => change(id, { progress }));
      change(id, { attachment, progress: 1, file: null });
    } catch (error) {
      if (!(error instanceof DOMException)) change(id, { problem: problemText(error) });
    } finally {
      running.current.delete(id);
    }
  }, []);

  function add(files: Iterable<File>): void {
    const chosen = [...files];
    const room = MOST_FILES - latest.current.length;
    if (chosen.length > room) toast(translate("chat.too_many", { count: MOST_FILES }), true);
    for (const file of chosen.slice(0, room)) {
      const isPicture = file.type.startsWith("image/");
      const upload: Upload = {
        id: newId(), name: file.name || "file", size: file.size, isPicture, preview: isPicture ? URL.createObjectURL(file) : null,
        progress: 0, problem: null, attachment: null, file,
      };
      setUploads((all) => [...all, upload]);
      void (async () => {
        const ready = isPicture ? await shrink(file) : TEXT.test(file.name) ? new File([file], file.name, { type: "text/plain" }) : file;
        change(upload.id, { file: ready, size: ready.size });
        const limit = isPicture ? PICTURE_MB : DOCUMENT_MB;
        if (ready.size > limit * MB) change(upload.id, { problem: translate("chat.too_large", { limit }), file: null });
        else await send(upload.id, ready);
      })();
    }
  }

  function remove(id: string): void {
    running.current.get(id)?.abort();
    const gone = latest.current.find((one) => one.id === id);
    if (gone?.preview) URL.revokeObjectURL(gone.preview);
    setUploads((all) => all.filter((one) => one.id !== id));
  }

  return {
    uploads, add, remove,
    retry: (upload: Upload) => upload.file && void send(upload.id, upload.file),
    /** The next message begins with none; or with those of another draft. */
    replace: (next: Attachment[]) => setUploads(next.map(fromKept)),
  };
}

const fromKept = (attachment: Attachment): Upload => ({
  id: attachment.id, name: attachment.name, size: attachment.size_bytes, isPicture: attachment.category === "images", preview: null,
  progress: 1, problem: null, attachment, file: null,
});

/** By XMLHttpRequest, because fetch tells no progress of what is sent. */
async function post(file: File, begun: (request: XMLHttpRequest) => void, progress: (part: number) => void): Promise<Attachment> {
  const token = await session.token();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    begun(request);
    request.open("POST", "/api/v1/files");
    request.responseType = "json";
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => event.lengthComputable && progress(Math.min(0.99, event.loaded / event.total));
    request.onload = () => {
      const answer = (request.response ?? {}) as { code?: string; message?: string; details?: Record<string, unknown> };
      if (request.status < 300) resolve(request.response as Attachment);
      else reject(new ApiError(request.status, answer.code ?? "", answer.message ?? "", answer.details));
    };
    request.onerror = () => reject(new ApiError(0, "service.unreachable", "No connection"));
    request.onabort = () => reject(new DOMException("taken back", "AbortError"));
    const body = new FormData();
    body.append("file", file, file.name);
    request.send(body);
  });
}
