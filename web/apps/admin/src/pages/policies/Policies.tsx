import { data } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Tabs } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../app/api";
import { useSearchParams } from "../../app/nav";
import { Ask } from "../../parts/Ask";
import { PageHead } from "../../parts/PageHead";
import { Refusals } from "./Refusals";
import { RulesEditor } from "./RulesEditor";
import { Trial } from "./Trial";
import { Versions } from "./Versions";

const TABS = ["rules", "refusals", "trial", "versions"];

/** The rules of what is allowed and how often: edited as text, checked as one types, tried before they count. */
export default function Policies() {
  const { t } = useTranslation();
  const [search, change] = useSearchParams();
  const rules = useQuery({ queryKey: ["policies"], queryFn: () => data(api.GET("/api/v1/admin/policies", {})) });
  return (
    <>
      <PageHead title={t("page.policies")} description={t("policy.about")} />
      <Tabs
        label={t("page.policies")}
        value={TABS.includes(search.tab ?? "") ? search.tab! : "rules"}
        onChange={(tab) => change({ tab: tab === "rules" ? undefined : tab, open: undefined })}
        tabs={[
          { value: "rules", label: t("policy.rules"), content: <Ask query={rules} lines={12}>{(found) => <RulesEditor key={found.number} rules={found} />}</Ask> },
          { value: "refusals", label: t("policy.refusals"), content: <Refusals /> },
          { value: "trial", label: t("policy.trial"), content: <Trial /> },
          { value: "versions", label: t("policy.versions"), content: <Versions current={rules.data?.number} /> },
        ]}
      />
    </>
  );
}
