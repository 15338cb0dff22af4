import { errorOf } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Menu, MenuItem, MenuLabel, toast } from "@kassa/ui";
import { Download, FileSpreadsheet, FileText, Sheet } from "lucide-react";
import { useState } from "react";
import { session } from "../app/api";
import { useCan } from "../app/me";
import { useErrorText } from "../app/problems";
import type { Search } from "../app/router";
import { saveAs } from "./saveAs";

const FORMATS = [["csv", Sheet], ["xlsx", FileSpreadsheet], ["pdf", FileText]] as const;

/** Downloads the whole list as it is filtered now. */
export function ExportMenu({ path, search }: { path: string; search: Search }) {
  const { t, i18n } = useTranslation();
  const can = useCan();
  const text = useErrorText();
  const [isBusy, setBusy] = useState(false);
  if (!can("usage.reports.export")) return null;

  async function download(format: string) {
    const query = Object.entries({ ...search, format, locale: i18n.language }).filter((pair): pair is [string, string] => Boolean(pair[1]));
    setBusy(true);
    try {
      const response = await session.fetch(new Request(`${location.origin}${path}/export?${new URLSearchParams(query)}`));
      if (!response.ok) throw await errorOf(response);
      const named = /filename="?([^";]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1];
      saveAs(await response.blob(), named ?? `${path.split("/").pop()}.${format}`);
    } catch (error) {
      toast.error(t("list.export_failed"), { description: text(error) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Menu trigger={<Button isBusy={isBusy} aria-label={t("list.export")}>{!isBusy && <Download aria-hidden />}<span className="max-sm:hidden">{t("list.export")}</span></Button>}>
      <MenuLabel>{t("list.export_hint")}</MenuLabel>
      {FORMATS.map(([format, Icon]) => <MenuItem key={format} icon={<Icon aria-hidden />} onSelect={() => void download(format)}>{format.toUpperCase()}</MenuItem>)}
    </Menu>
  );
}
