import { data, type Row } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Facts, type Tone } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { Play, Plus, Square } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Ask } from "../../parts/Ask";
import { Moment } from "../../parts/Moment";
import { useVerb } from "../../parts/useVerb";
import { ExperimentDialog } from "./ExperimentDialog";
import { useAudienceText } from "./Flags";

type Experiment = Row<"/api/v1/admin/experiments">;

const TONES: Record<string, Tone> = { draft: "mute", running: "good", stopped: "info" };

/** What is tried on a part of the customers, and what it is worth. */
export function Experiments() {
  const { t } = useTranslation();
  const mayEdit = useCan()("policies.edit");
  const [isAdding, setAdding] = useState(false);
  const columns: Column<Experiment>[] = [
    { id: "name", label: t("experiment.one"), cell: (one) => <span><span className="block font-mono text-[13px]">{one.name}</span>{one.note && <span className="block text-[13px] font-normal text-ink-soft">{one.note}</span>}</span> },
    { id: "variants", label: t("experiment.variants"), cell: (one) => one.variants.map((variant) => variant.name).join(" / ") },
    { id: "goal", label: t("experiment.goal"), cell: (one) => t(`goal.${one.goal}`, { defaultValue: one.goal }) },
    { id: "status", label: t("staff.status"), cell: (one) => <Badge tone={TONES[one.status] ?? "mute"}>{t(`experiment_status.${one.status}`)}</Badge> },
    { id: "started", label: t("experiment.started"), cell: (one) => <Moment at={one.started_at} />, isNumber: true },
  ];
  return (
    <>
      <ListPage
        isPart
        path="/api/v1/admin/experiments"
        title={t("experiment.list")}
        columns={columns}
        buttons={mayEdit && <Button look="primary" onClick={() => setAdding(true)}><Plus aria-hidden />{t("experiment.add")}</Button>}
        filters={[{ name: "status", label: t("staff.status"), kind: "choice", choices: Object.keys(TONES).map((value) => ({ value, label: t(`experiment_status.${value}`) })) }]}
        detail={{ title: (one) => one.name, content: (one) => <Detail one={one} mayEdit={mayEdit} /> }}
        emptyHint={t("experiment.none")}
      />
      {isAdding && <ExperimentDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function Detail({ one, mayEdit }: { one: Experiment; mayEdit: boolean }) {
  const { t } = useTranslation();
  const audience = useAudienceText();
  const params = { params: { path: { experiment_id: one.id } } };
  const start = useVerb(() => api.POST("/api/v1/admin/experiments/{experiment_id}/start", params), t("experiment.started_done"));
  const stop = useVerb(() => api.POST("/api/v1/admin/experiments/{experiment_id}/stop", params), t("experiment.stopped_done"));
  return (
    <div className="grid gap-5">
      <Facts items={[[t("staff.status"), t(`experiment_status.${one.status}`)], [t("experiment.goal"), t(`goal.${one.goal}`, { defaultValue: one.goal })], [t("flag.for_whom"), audience(one.audience)], [t("experiment.started"), <Moment key="started" at={one.started_at} isExact />], [t("experiment.ended"), <Moment key="ended" at={one.stopped_at} isExact />]]} />
      <Results id={one.id} />
      {mayEdit && one.status === "draft" && <Button look="primary" className="justify-self-start" isBusy={start.isPending} onClick={() => start.mutate()}><Play aria-hidden />{t("experiment.start")}</Button>}
      {mayEdit && one.status === "running" && <Button look="danger" className="justify-self-start" isBusy={stop.isPending} onClick={() => stop.mutate()}><Square aria-hidden />{t("experiment.stop")}</Button>}
    </div>
  );
}

function Results({ id }: { id: string }) {
  const { t } = useTranslation();
  const { number, percent } = useFormats();
  const found = useQuery({ queryKey: ["experiment", id], queryFn: () => data(api.GET("/api/v1/admin/experiments/{experiment_id}/results", { params: { path: { experiment_id: id } } })), refetchInterval: 15_000 });
  const heads = [t("experiment.variant"), t("experiment.exposed"), t("experiment.converted"), t("experiment.rate"), t("experiment.lift"), t("experiment.chance")];
  return (
    <Ask query={found}>
      {({ items }) => (
        <div className="scroll-quiet overflow-x-auto rounded-md border border-line" tabIndex={0} role="region" aria-label={t("experiment.results")}>
          <table className="w-full text-left">
            <thead><tr className="bg-sunken text-[13px] text-ink-faint">{heads.map((head, index) => <th key={head} scope="col" className={index ? "px-2.5 py-2 text-right font-medium" : "px-3 py-2 font-medium"}>{head}</th>)}</tr></thead>
            <tbody>
              {items.map((row) => (
                <tr key={row.variant} className="border-t border-line [&>td]:px-2.5 [&>td]:py-2 [&>td]:text-right [&>td]:whitespace-nowrap">
                  <th scope="row" className="px-3 py-2 font-medium">{row.variant}</th>
                  <td>{number(row.exposed)}</td>
                  <td>{number(row.converted)}</td>
                  <td>{percent(row.rate)}<span className="block text-xs text-ink-faint">{percent(row.low)}–{percent(row.high)}</span></td>
                  <td>{row.lift === null ? "—" : percent(row.lift)}</td>
                  <td>{row.p_value === null ? "—" : percent(row.p_value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Ask>
  );
}
