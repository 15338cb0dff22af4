import { data } from "@kassa/api";
import { useInfiniteQuery } from "@tanstack/react-query";
import { EllipsisVertical, MessagesSquare, Pencil, Search, SearchX, Trash2 } from "lucide-react";
import { forwardRef, useEffect, useState } from "react";
import { WindowVirtualizer, type CustomContainerComponentProps } from "virtua";
import { useLocation } from "wouter";
import { useI18n } from "../../app/i18n";
import { Screen } from "../../app/Screen";
import { api, queries } from "../../app/session";
import { Button, IconButton } from "../../ui/Button";
import { More } from "../../ui/More";
import { Empty } from "../../ui/States";
import { SwipeRow } from "../../ui/SwipeRow";
import { useCurrent, type Dialog } from "../chat/state";
import "../chat/texts";
import { DialogSheets, type Wanted } from "./DialogSheets";
import { useContinue } from "./useContinue";

const PAUSE_MS = 250;

/** Every dialog of the customer, the last used first. */
export default function Dialogs() {
  const { t } = useI18n();
  const [, go] = useLocation();
  const [word, setWord] = useState("");
  const [sought, setSought] = useState("");
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const current = useCurrent();
  const goOn = useContinue();
  useEffect(() => {
    const timer = setTimeout(() => setSought(word.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [word]);
  const found = useInfiniteQuery({
    queryKey: ["dialogs", "list", sought],
    queryFn: ({ pageParam }) => data(api.GET("/api/v1/dialogs", { params: { query: { q: sought, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
  const dialogs = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Screen title={t("dialogs.title")} back="/chat" onRefresh={() => queries.invalidateQueries({ queryKey: ["dialogs"] })}>
      <label className="flex h-12 items-center gap-3 rounded-2xl bg-sheet px-4 text-ink-soft shadow-[0_1px_2px_rgb(var(--shadow)/0.05)] focus-within:ring-2 focus-within:ring-focus/50">
        <Search aria-hidden className="size-5 shrink-0" />
        <input type="search" value={word} maxLength={200} aria-label={t("dialogs.search")} placeholder={t("dialogs.search")} enterKeyHint="search" onInput={(event) => setWord(event.currentTarget.value)} className="min-w-0 flex-1 bg-transparent text-ink placeholder:text-ink-soft focus:outline-none" />
      </label>
      {dialogs.length > 0 && (
        <div className="overflow-hidden rounded-3xl bg-sheet shadow-[0_1px_2px_rgb(var(--shadow)/0.05)]">
          <WindowVirtualizer data={dialogs} as={List} item="li">
            {(dialog: Dialog) => (
              <SwipeRow
                key={dialog.id}
                actions={[
                  { label: t("dialogs.rename"), icon: <Pencil />, onPress: () => setWanted({ dialog, what: "rename" }) },
                  { label: t("dialogs.delete"), icon: <Trash2 />, isDanger: true, onPress: () => setWanted({ dialog, what: "delete" }) },
                ]}
              >
                <Row dialog={dialog} isHere={dialog.id === current.data?.dialog?.id} onOpen={() => void goOn(dialog)} onMenu={() => setWanted({ dialog, what: "menu" })} />
              </SwipeRow>
            )}
          </WindowVirtualizer>
        </div>
      )}
      <More query={found} />
      {found.isSuccess && !dialogs.length && (sought ? (
        <Empty icon={<SearchX />} title={t("dialogs.none_found")}>{t("dialogs.none_found_hint")}</Empty>
      ) : (
        <Empty icon={<MessagesSquare />} title={t("dialogs.none")} action={<Button onClick={() => go("/chat")}>{t("dialogs.begin")}</Button>}>{t("dialogs.none_hint")}</Empty>
      ))}
      {wanted && <DialogSheets wanted={wanted} onChange={setWanted} onRead={() => go(`/dialogs/${wanted.dialog.id}`)} onContinue={() => void goOn(wanted.dialog)} />}
    </Screen>
  );
}

const List = forwardRef<HTMLUListElement, CustomContainerComponentProps>(function List({ children, style }, ref) {
  const { t } = useI18n();
  return <ul ref={ref} style={style} aria-label={t("dialogs.title")}>{children}</ul>;
});

function Row({ dialog, isHere, onOpen, onMenu }: { dialog: Dialog; isHere: boolean; onOpen(): void; onMenu(): void }) {
  const { t, format } = useI18n();
  const title = dialog.title || t("dialogs.untitled");
  const facts = [isHere ? t("dialogs.here") : format.ago(dialog.updated_at), !dialog.has_history && t("dialogs.no_memory")].filter(Boolean);
  return (
    <div className="flex items-center border-b border-line pr-1.5">
      <button type="button" onClick={onOpen} className="grid min-h-16 min-w-0 flex-1 content-center py-2.5 pl-4 text-left hover:bg-hover active:bg-hover">
        <span className="truncate text-[16px]">{title}</span>
        <span className={`truncate text-[14px] ${isHere ? "text-brand-text" : "text-ink-soft"}`}>{facts.join(" · ")}</span>
      </button>
      <IconButton label={t("dialogs.menu", { title })} onClick={onMenu}><EllipsisVertical /></IconButton>
    </div>
  );
}
