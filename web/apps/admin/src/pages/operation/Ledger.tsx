import { data } from "@kassa/api";
import { useFormats, useTranslation } from "@kassa/i18n";
import { Badge, Button, Card, Code, Empty, Note, Skeleton } from "@kassa/ui";
import { useMutation } from "@tanstack/react-query";
import { Play, Scale } from "lucide-react";
import { useEffect, useRef } from "react";
import { api } from "../../app/api";
import { LoadFailed } from "../../app/problems";
import { PageHead } from "../../parts/PageHead";

/** Every check of ledger and money, run now: sums, balances, holds, grants, clearing accounts. */
export default function Ledger() {
  const { t } = useTranslation();
  const { time } = useFormats();
  const checks = useMutation({ mutationFn: async () => ({ at: new Date(), ...(await data(api.POST("/api/v1/admin/ledger/checks", {}))) }) });
  const { mutate } = checks;
  const isAsked = useRef(false);
  useEffect(() => {
    if (!isAsked.current) mutate();
    isAsked.current = true;
  }, [mutate]);
  const broken = checks.data?.items.filter((check) => !check.ok).length ?? 0;
  return (
    <>
      <PageHead title={t("page.ledger")} description={t("ledger.about")} actions={<Button look="primary" isBusy={checks.isPending} onClick={() => mutate()}>{!checks.isPending && <Play aria-hidden />}{t("ledger.run")}</Button>} />
      {checks.data && <div className="mb-4"><Note tone={broken ? "bad" : "good"} role="status">{broken ? t("ledger.broken", { count: broken }) : t("ledger.fine", { count: checks.data.items.length, time: time(checks.data.at) })}</Note></div>}
      <Card isFlush>
        {checks.isPending && !checks.data && <div className="grid gap-4 p-4">{[1, 2, 3, 4, 5, 6].map((line) => <Skeleton key={line} className="h-5" />)}</div>}
        {checks.isError && <LoadFailed error={checks.error} onRetry={() => mutate()} />}
        {checks.data?.items.length === 0 && <Empty icon={<Scale />} title={t("list.empty")} />}
        <ul className="divide-y divide-line">
          {checks.data?.items.map((check) => (
            <li key={check.name} className="grid gap-2 px-4 py-3">
              <div className="flex items-center justify-between gap-4"><span>{t(`ledger_check.${check.name}`, { defaultValue: check.name })}</span><Badge tone={check.ok ? "good" : "bad"}>{check.ok ? t("ledger.ok") : t("ledger.not_ok")}</Badge></div>
              {check.examples.length > 0 && <Code label={check.name}>{JSON.stringify(check.examples, null, 2)}</Code>}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
