import { useFormats, useTranslation } from "@kassa/i18n";
import { Facts, Note } from "@kassa/ui";
import { Moment } from "../../parts/Moment";
import { Status } from "../../parts/Status";
import { CustomerLink, Money } from "../money/parts";
import type { Dialog } from "./columns";

/** One question with its answer, where the person may read them. */
export function DialogDetail({ row }: { row: Dialog }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  return (
    <div className="grid gap-5">
      <Facts
        items={[
          [t("subject.customer"), <CustomerLink key="customer" id={row.customer.id} name={row.customer.name} number={row.customer.number} />],
          [t("dialog.model"), row.model],
          [t("staff.status"), <Status key="status" value={row.status} />],
          [t("dialog.price"), number(row.tokens)],
          [t("dialog.cost"), <Money key="cost" of={row.cost} />],
          [t("dialog.latency"), row.latency_ms === null ? "—" : t("dialog.seconds", { count: Math.round(row.latency_ms / 100) / 10 })],
          [t("audit.when"), <Moment key="at" at={row.created_at} isExact />],
        ]}
      />
      {row.error && <Note tone="bad">{row.error}</Note>}
      {row.question === null ? <Note>{t("dialog.unreadable")}</Note> : (
        <>
          <Said title={t("dialog.question")}>{row.question}</Said>
          {row.answer && <Said title={t("dialog.answer")}>{row.answer}</Said>}
        </>
      )}
    </div>
  );
}

function Said({ title, children }: { title: string; children: string }) {
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">{title}</h3>
      <p className="rounded-md bg-sunken p-3 whitespace-pre-wrap break-words">{children}</p>
    </section>
  );
}
