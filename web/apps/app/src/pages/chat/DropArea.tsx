import { FilePlus2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useI18n } from "../../app/i18n";

/** Takes files that are dropped anywhere on the screen. */
export function DropArea({ onDrop }: { onDrop(files: File[]): void }) {
  const { t } = useI18n();
  const [isOver, setOver] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event) || --depth > 0) return;
      depth = 0;
      setOver(false);
    };
    const over = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      latest.current([...(event.dataTransfer?.files ?? [])]);
    };
    const all = { dragenter: enter, dragleave: leave, dragover: over, drop };
    for (const [name, listen] of Object.entries(all)) addEventListener(name, listen as EventListener);
    return () => {
      for (const [name, listen] of Object.entries(all)) removeEventListener(name, listen as EventListener);
    };
  }, []);
  if (!isOver) return null;
  return (
    <div aria-hidden className="pointer-events-none fixed inset-3 z-40 grid place-content-center justify-items-center gap-3 rounded-3xl border-2 border-dashed border-brand bg-page/90 text-[18px] font-semibold text-brand-text md:left-63">
      <FilePlus2 className="size-10" />{t("chat.drop")}
    </div>
  );
}
