import { data, type Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Badge, Button, cn } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { Ask } from "../../parts/Ask";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { Moment } from "../../parts/Moment";

type Version = Row<"/api/v1/admin/policies/versions">;

/** What the rules were, who changed them and why; any version can come back. */
export function Versions({ current }: { current: number | undefined }) {
  const { t } = useTranslation();
  const mayEdit = useCan()("policies.edit");
  const [danger, setDanger] = useState<Danger | null>(null);
  const columns: Column<Version>[] = [
    { id: "number", label: t("plan.version"), cell: (row) => <span className="figures flex items-center gap-2">{row.number}{row.number === current && <Badge tone="good">{t("plan.current")}</Badge>}</span> },
    { id: "note", label: t("danger.reason"), cell: (row) => row.note || "—" },
    { id: "at", label: t("audit.when"), cell: (row) => <Moment at={row.created_at} isExact />, isNumber: true },
  ];
  const back = (row: Version): Danger => ({
    title: t("policy.back_title", { number: row.number }),
    consequence: t("policy.back_text"),
    confirm: t("policy.back"),
    done: t("policy.saved"),
    run: (note) => api.POST("/api/v1/admin/policies/versions/{number}/rollback", { params: { path: { number: row.number } }, body: { note } }),
  });
  return (
    <>
      <ListPage
        isPart
        path="/api/v1/admin/policies/versions"
        title={t("policy.versions")}
        columns={columns}
        rowKey={(row) => String(row.number)}
        canExport={false}
        emptyHint={t("policy.only_built_in")}
        detail={{
          title: (row) => `${t("plan.version")} ${row.number}`,
          content: (row) => (
            <div className="grid gap-4">
              <p className="text-ink-soft">{row.note || "—"} · <Moment at={row.created_at} isExact /></p>
              <VersionDiff number={row.number} />
              {mayEdit && row.number !== current && <Button className="justify-self-start" onClick={() => setDanger(back(row))}><History aria-hidden />{t("policy.back")}</Button>}
            </div>
          ),
        }}
      />
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}

function VersionDiff({ number }: { number: number }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["policies", "diff", number], queryFn: () => data(api.GET("/api/v1/admin/policies/versions/{number}/diff", { params: { path: { number: number - 1 }, query: { to: number } } })) });
  return (
    <Ask query={found}>
      {({ diff }) =>
        diff ? (
          <pre tabIndex={0} role="region" aria-label={t("audit.change")} className="scroll-quiet max-h-[34rem] overflow-auto rounded-md border border-line font-mono text-[12.5px] leading-relaxed">
            {diff.split("\n").map((line, index) => <span key={index} className={cn("block px-3", /^(@@|---|\+\+\+)/.test(line) ? "text-ink-faint" : line.startsWith("+") ? "bg-good-soft text-good" : line.startsWith("-") && "bg-bad-soft text-bad")}>{line || " "}</span>)}
          </pre>
        ) : <p className="text-ink-soft">{t("diff.nothing")}</p>
      }
    </Ask>
  );
}
