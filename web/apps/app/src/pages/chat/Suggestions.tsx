import { useI18n } from "../../app/i18n";

/** Commands that begin with what was typed after a slash. */
export function Suggestions({ commands, word, onChoose }: { commands: { name: string; description: string }[]; word: string; onChoose(name: string): void }) {
  const { t } = useI18n();
  const fitting = commands.filter(({ name }) => name.startsWith(word.toLowerCase()));
  if (!fitting.length) return null;
  return (
    <ul aria-label={t("chat.commands")} className="mb-2 max-h-[min(40dvh,18rem)] animate-rise overflow-y-auto rounded-3xl border border-line bg-sheet p-1.5 shadow-[0_4px_20px_-8px_rgb(var(--shadow)/0.25)]">
      {fitting.map(({ name, description }) => (
        <li key={name}>
          <button type="button" onClick={() => onChoose(name)} className="flex min-h-11 w-full items-center gap-3 rounded-2xl px-3 text-left hover:bg-hover focus-visible:bg-hover">
            <span className="font-medium text-brand-text">/{name}</span>
            <span className="truncate text-[14px] text-ink-soft">{description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
