import { useTranslation } from "@kassa/i18n";
import { Dialog, Kbd } from "@kassa/ui";
import { GO_KEYS } from "./shortcuts";

/** What can be done without a mouse. */
export function ShortcutsHelp({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation();
  const rows: [string[], string][] = [
    [["Ctrl", "K"], t("palette.open")],
    [["/"], t("shortcuts.search")],
    [["↑", "↓"], t("shortcuts.rows")],
    [["Enter"], t("shortcuts.open")],
    [["?"], t("shortcuts.title")],
    ...Object.entries(GO_KEYS).map(([letter, name]): [string[], string] => [["G", letter.toUpperCase()], t(`page.${name}`)]),
  ];
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("shortcuts.title")} closeLabel={t("action.close")} size="sm">
      <dl className="grid gap-2">
        {rows.map(([keys, words]) => (
          <div key={keys.join("+")} className="flex items-center justify-between gap-4">
            <dt className="text-ink-soft">{words}</dt>
            <dd className="flex gap-1">{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
