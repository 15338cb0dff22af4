import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Code, Facts, Note } from "@kassa/ui";
import { RotateCw } from "lucide-react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Moment } from "../../parts/Moment";
import { Status } from "../../parts/Status";
import { useVerb } from "../../parts/useVerb";

type Job = Row<"/api/v1/admin/jobs">;

const STATUSES = ["queued", "picked", "failed"];

/** Work that waits, runs, or has failed for good. */
export default function Jobs() {
  const { t } = useTranslation();
  const columns: Column<Job>[] = [
    { id: "name", label: t("job.name"), cell: (job) => <span className="font-mono text-[13px]">{job.name}</span> },
    { id: "status", label: t("staff.status"), cell: (job) => <Status value={job.status} /> },
    { id: "attempts", label: t("job.attempts"), cell: (job) => job.attempts, isNumber: true },
    { id: "error", label: t("job.error"), cell: (job) => <span className="line-clamp-1 text-ink-soft">{job.error || "—"}</span>, isWide: true },
    { id: "due", label: t("job.due"), cell: (job) => <Moment at={job.due_at} />, isNumber: true },
    { id: "created", label: t("sale.created"), cell: (job) => <Moment at={job.created_at} />, isNumber: true, isExtra: true },
  ];
  return (
    <ListPage
      path="/api/v1/admin/jobs"
      title={t("page.jobs")}
      description={t("job.about")}
      searchHint={t("job.search")}
      columns={columns}
      filters={[{ name: "status", label: t("staff.status"), kind: "choice", choices: STATUSES.map((value) => ({ value, label: t(`status.${value}`) })) }]}
      rowKey={(job) => String(job.id)}
      detail={{ title: (job) => job.name, content: (job) => <JobDetail job={job} /> }}
      emptyHint={t("job.none")}
    />
  );
}

function JobDetail({ job }: { job: Job }) {
  const { t } = useTranslation();
  const can = useCan();
  const replay = useVerb(() => api.POST("/api/v1/admin/jobs/{job_id}/replay", { params: { path: { job_id: job.id } } }), t("job.replayed"));
  return (
    <div className="grid gap-5">
      <Facts items={[[t("staff.status"), <Status key="status" value={job.status} />], [t("job.attempts"), job.attempts], [t("job.due"), <Moment key="due" at={job.due_at} isExact />], [t("sale.created"), <Moment key="created" at={job.created_at} isExact />], [t("job.updated"), <Moment key="updated" at={job.updated_at} isExact />]]} />
      {job.error && <Note tone="bad"><span className="font-mono text-[13px] whitespace-pre-wrap">{job.error}</span></Note>}
      <section><h3 className="mb-1.5 font-semibold">{t("job.arguments")}</h3><Code label={t("job.arguments")}>{JSON.stringify(job.arguments, null, 2)}</Code></section>
      {job.status === "failed" && can("operations.replay") && <Button look="primary" className="justify-self-start" isBusy={replay.isPending} onClick={() => replay.mutate()}><RotateCw aria-hidden />{t("job.replay")}</Button>}
    </div>
  );
}
