import { data, type Row } from "@kassa/api";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { EllipsisVertical, MessagesSquare } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { useI18n } from "../../app/i18n";
import { LoadFailed } from "../../app/problems";
import { Screen } from "../../app/Screen";
import { api, queries } from "../../app/session";
import { Button, IconButton } from "../../ui/Button";
import { PrimaryAction } from "../../ui/PrimaryAction";
import { Empty, Skeleton } from "../../ui/States";
import { Files } from "../chat/Files";
import { Prose } from "../chat/Prose";
import { useModels } from "../chat/state";
import "../chat/chat.css";
import "../chat/texts";
import { DialogSheets, type Wanted } from "./DialogSheets";
import { useContinue } from "./useContinue";

type Question = Row<"/api/v1/dialogs/{dialog_id}/questions">;

/** What was asked in a dialog and what was answered, to be read. */
export default function DialogPage({ id }: { id: string }) {
  const { t } = useI18n();
  const [, go] = useLocation();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const goOn = useContinue();
  const path = { dialog_id: id };
  const dialog = useQuery({ queryKey: ["dialogs", id], queryFn: () => data(api.GET("/api/v1/dialogs/{dialog_id}", { params: { path } })) });
  const asked = useInfiniteQuery({
    queryKey: ["dialogs", id, "questions"],
    queryFn: ({ pageParam }) => data(api.GET("/api/v1/dialogs/{dialog_id}/questions", { params: { path, query: { limit: 20, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const questions = (asked.data?.pages.flatMap((page) => page.items) ?? []).reverse();
  if (dialog.isError) return <Screen title={t("dialogs.title")} back="/dialogs"><LoadFailed error={dialog.error} /></Screen>;
  const title = dialog.data?.title || t("dialogs.untitled");
  return (
    <Screen
      title={title} back="/dialogs" onRefresh={() => queries.invalidateQueries({ queryKey: ["dialogs", id] })}
      action={dialog.data && <IconButton label={t("dialogs.menu", { title })} onClick={() => setWanted({ dialog: dialog.data, what: "menu" })}><EllipsisVertical /></IconButton>}
    >
      {dialog.data?.system_prompt && <p className="rounded-3xl bg-mute-soft px-4 py-3 text-[15px] text-ink-soft"><b className="font-semibold">{t("dialogs.role")}:</b> {dialog.data.system_prompt}</p>}
      {asked.hasNextPage && <div className="grid justify-items-center"><Button look="plain" size="small" isBusy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>{t("dialogs.earlier")}</Button></div>}
      {asked.isPending ? <Skeleton rows={4} className="h-28" /> : asked.isError ? <LoadFailed error={asked.error} onRetry={() => void asked.refetch()} /> : questions.length ? questions.map((one) => <Pair key={one.id} question={one} />) : <Empty icon={<MessagesSquare />} title={t("dialogs.none_read")} />}
      {dialog.data && <PrimaryAction action={{ text: t("dialogs.continue"), onPress: () => void goOn(dialog.data) }} />}
      {wanted && dialog.data && <DialogSheets wanted={wanted} onChange={setWanted} onContinue={() => void goOn(dialog.data)} onDeleted={() => go("/dialogs")} />}
    </Screen>
  );
}

function Pair({ question }: { question: Question }) {
  const { t, format } = useI18n();
  const models = useModels();
  const name = models.data?.find(({ slug }) => slug === question.model)?.name ?? question.model;
  const facts = [name, question.charged_tokens > 0 ? t("chat.price", { count: question.charged_tokens }) : "", format.time(question.created_at)];
  return (
    <article className="grid gap-2">
      <div className="grid justify-items-end gap-1.5 pl-10">
        <Files files={question.attachments.map((file) => ({ ...file, url: null, thumbnail_url: null }))} isMine />
        {question.question && <p className="max-w-full min-w-0 rounded-3xl rounded-tr-lg bg-brand px-4 py-2.5 break-words whitespace-pre-wrap text-brand-ink">{question.question}</p>}
      </div>
      <div className="min-w-0 rounded-3xl rounded-tl-lg bg-sheet px-4 py-3 shadow-[0_1px_2px_rgb(var(--shadow)/0.05)]">
        {question.answer ? <Prose text={question.answer} /> : <p className="text-ink-soft">{t(question.status === "queued" || question.status === "running" ? `dialogs.status.${question.status}` : "dialogs.no_answer")}</p>}
      </div>
      <p className="px-2 text-[13px] text-ink-soft">{facts.filter(Boolean).join(" · ")}</p>
    </article>
  );
}
