import { data } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Button, Facts, Note } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { BookOpenText } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan } from "../../app/me";
import { Ask } from "../../parts/Ask";
import { Moment } from "../../parts/Moment";
import { Status } from "../../parts/Status";
import { CustomerLink } from "../money/parts";
import { useCost, type Question } from "./columns";

/** One question, and its dialog for who may read the words: that it was read is kept in the audit log. */
export function DialogDetail({ row }: { row: Question }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const cost = useCost();
  const mayRead = useCan()("ai_access.dialogs.read");
  const [isReading, setReading] = useState(false);
  return (
    <div className="grid gap-5">
      <Facts
        items={[
          [t("subject.customer"), <CustomerLink key="customer" id={row.customer_id} name={row.customer_name} number={row.customer_number} />],
          [t("dialog.model"), row.model],
          [t("staff.status"), <Status key="status" value={row.status} />],
          [t("dialog.funding"), t(`funding.${row.funding}`, { defaultValue: row.funding })],
          [t("dialog.price"), number(row.charged_tokens)],
          [t("dialog.cost"), cost(row.cost_micro_usd)],
          [t("dialog.latency"), row.latency_ms === null ? "—" : t("dialog.seconds", { seconds: number(row.latency_ms / 1000, { maximumFractionDigits: 1 }) })],
          [t("audit.when"), <Moment key="at" at={row.created_at} isExact />],
        ]}
      />
      {row.error_code && <Note tone="bad"><span className="font-mono text-[13px]">{row.error_code}</span></Note>}
      {!mayRead && <Note>{t("dialog.unreadable")}</Note>}
      {mayRead && !isReading && <Button className="justify-self-start" onClick={() => setReading(true)}><BookOpenText aria-hidden />{t("dialog.read")}</Button>}
      {isReading && <Words dialogId={row.dialog_id} />}
    </div>
  );
}

function Words({ dialogId }: { dialogId: string }) {
  const { t } = useTranslation();
  const dialog = useQuery({ queryKey: ["dialog", dialogId], queryFn: () => data(api.GET("/api/v1/admin/dialogs/{dialog_id}", { params: { path: { dialog_id: dialogId } } })) });
  return (
    <Ask query={dialog}>
      {({ items }) => (
        <ol className="grid gap-3">
          {items.map((one) => (
            <li key={one.id} className="grid gap-2">
              <p className="ml-8 rounded-lg rounded-br-sm bg-brand-soft px-3.5 py-2.5 whitespace-pre-wrap break-words"><span className="sr-only">{t("dialog.question")}: </span>{one.question ?? "—"}</p>
              <p className="mr-8 rounded-lg rounded-bl-sm border border-line bg-sunken px-3.5 py-2.5 whitespace-pre-wrap break-words"><span className="sr-only">{t("dialog.answer")}: </span>{one.answer ?? t("dialog.no_answer")}</p>
            </li>
          ))}
        </ol>
      )}
    </Ask>
  );
}
