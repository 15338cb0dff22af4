import type { Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Facts, MenuItem, Note, type Tone } from "@kassa/ui";
import { Download, FileText, Film, Image, Music, Trash2, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { Moment } from "../../parts/Moment";
import { CustomerLink } from "../money/parts";

type File = Row<"/api/v1/admin/files">;

const ICONS: Record<string, LucideIcon> = { images: Image, videos: Film, audio: Music, documents: FileText };
const TONES: Record<string, Tone> = { clean: "good", pending: "info", infected: "bad" };

/** What customers and models have sent: whose it is, whether it is clean, and until when it is kept. */
export default function Files() {
  const { t } = useTranslation();
  const { size } = useFormats();
  const mayEdit = useCan()("files.edit");
  const [danger, setDanger] = useState<Danger | null>(null);
  const columns: Column<File>[] = [
    { id: "name", label: t("file.name"), cell: (file) => <Name file={file} /> },
    { id: "size", label: t("file.size"), cell: (file) => <span className="figures">{size(file.size_bytes)}</span>, isNumber: true },
    { id: "owner", label: t("file.owner"), cell: (file) => <Owner file={file} /> },
    { id: "state", label: t("staff.status"), cell: (file) => <FileState file={file} /> },
    { id: "source", label: t("file.source"), cell: (file) => (file.is_generated ? t("file.generated") : t("file.uploaded")), isExtra: true },
    { id: "expires", label: t("file.expires"), cell: (file) => (file.expires_at ? <Moment at={file.expires_at} /> : t("customer.forever")), isNumber: true },
    { id: "created", label: t("sale.created"), cell: (file) => <Moment at={file.created_at} />, isNumber: true },
  ];
  const remove = (file: File): Danger => ({
    title: t("file.remove_title", { name: file.name }),
    consequence: t("file.remove_text"),
    confirm: t("file.remove"),
    done: t("file.removed"),
    run: (reason) => api.POST("/api/v1/admin/files/{file_id}/delete", { params: { path: { file_id: file.id } }, body: { reason } }),
  });
  return (
    <>
      <ListPage
        path="/api/v1/admin/files"
        title={t("page.files")}
        description={t("file.about")}
        searchHint={t("file.search")}
        columns={columns}
        filters={[
          { name: "category", label: t("file.kind"), kind: "choice", choices: Object.keys(ICONS).map((value) => ({ value, label: t(`file_kind.${value}`) })) },
          { name: "state", label: t("staff.status"), kind: "choice", choices: Object.keys(TONES).map((value) => ({ value, label: t(`file_state.${value}`) })) },
        ]}
        detail={{ title: (file) => file.name, content: (file) => <Detail file={file} /> }}
        actions={mayEdit ? (file) => <MenuItem icon={<Trash2 />} isDanger onSelect={() => setDanger(remove(file))}>{t("file.remove")}</MenuItem> : undefined}
        emptyHint={t("file.none")}
      />
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}

function Name({ file }: { file: File }) {
  const Icon = ICONS[file.category] ?? FileText;
  return (
    <span className="flex min-w-0 items-center gap-3">
      {file.thumbnail_url ? <img src={file.thumbnail_url} alt="" loading="lazy" className="size-9 shrink-0 rounded-sm object-cover" /> : <span className="grid size-9 shrink-0 place-items-center rounded-sm bg-mute-soft text-ink-faint"><Icon aria-hidden className="size-4" /></span>}
      <span className="min-w-0"><span className="block truncate">{file.name}</span><span className="block text-[13px] font-normal text-ink-faint">{file.media_type}</span></span>
    </span>
  );
}

function Owner({ file }: { file: File }) {
  const { t } = useTranslation();
  if (file.owner_kind === "customer") return <CustomerLink id={file.owner_id} />;
  return <>{t(`actor.${file.owner_kind}`, { defaultValue: file.owner_kind })}</>;
}

function FileState({ file }: { file: File }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[file.state] ?? "mute"}>{t(`file_state.${file.state}`, { defaultValue: file.state })}</Badge>;
}

function Detail({ file }: { file: File }) {
  const { t } = useTranslation();
  const { size } = useFormats();
  return (
    <div className="grid gap-5">
      {file.finding && <Note tone="bad">{file.finding}</Note>}
      {file.category === "images" && file.url && <img src={file.url} alt={file.name} className="max-h-96 w-full rounded-md border border-line object-contain" />}
      <Facts
        items={[
          [t("file.owner"), <Owner key="owner" file={file} />],
          [t("staff.status"), <FileState key="state" file={file} />],
          [t("file.kind"), file.media_type],
          [t("file.size"), size(file.size_bytes)],
          [t("file.dimensions"), file.width && file.height ? `${file.width} × ${file.height}` : "—"],
          [t("file.source"), file.is_generated ? t("file.generated") : t("file.uploaded")],
          [t("file.expires"), file.expires_at ? <Moment key="expires" at={file.expires_at} isExact /> : t("customer.forever")],
          [t("sale.created"), <Moment key="created" at={file.created_at} isExact />],
        ]}
      />
      {file.url && <Button asChild className="justify-self-start"><a href={file.url} download={file.name}><Download aria-hidden />{t("file.download")}</a></Button>}
    </div>
  );
}
