import { data, type Got } from "@kassa/api";
import { LOCALES, useTranslation, type Locale } from "@kassa/i18n";
import { Badge, Card, cn, Empty, Field, Input, NativeSelect, Segments } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useSearchParams } from "../../app/nav";
import { Ask } from "../../parts/Ask";
import { PageHead } from "../../parts/PageHead";
import { TextEditor } from "./TextEditor";

type Bots = Got<"/api/v1/admin/bots">["items"];
export type Text = Got<"/api/v1/admin/bots/{bot_id}/texts">["items"][number];

/** What the bots say: the defaults, and the owner's own words instead. */
export default function Texts() {
  const { t } = useTranslation();
  const bots = useQuery({ queryKey: ["bots"], queryFn: () => data(api.GET("/api/v1/admin/bots", {})) });
  return (
    <>
      <PageHead title={t("page.texts")} description={t("text.about")} />
      <Ask query={bots}>{({ items }) => (items.length === 0 ? <Empty title={t("text.no_bots")} /> : <Chooser bots={items} />)}</Ask>
    </>
  );
}

function Chooser({ bots }: { bots: Bots }) {
  const { t } = useTranslation();
  const [search, change] = useSearchParams();
  const bot = bots.find((each) => each.id === search.bot) ?? bots[0]!;
  const locale = (search.locale ?? bot.default_locale) as Locale;
  const texts = useQuery({ queryKey: ["texts", bot.id, locale], queryFn: () => data(api.GET("/api/v1/admin/bots/{bot_id}/texts", { params: { path: { bot_id: bot.id }, query: { locale } } })) });
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <Field label={t("subject.bot")} className="w-full sm:w-64"><NativeSelect value={bot.id} onChange={(event) => change({ bot: event.target.value, key: undefined })}>{bots.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}</NativeSelect></Field>
        <Segments label={t("shell.language")} value={locale} onChange={(next) => change({ locale: next })} choices={LOCALES.map((value) => ({ value, label: value.toUpperCase() }))} />
      </div>
      <Ask query={texts} lines={10}>{({ items }) => <Workbench key={bot.id + locale} texts={items} botId={bot.id} locale={locale} />}</Ask>
    </>
  );
}

function Workbench({ texts, botId, locale }: { texts: Text[]; botId: string; locale: Locale }) {
  const { t } = useTranslation();
  const [search, change] = useSearchParams();
  const [wanted, setWanted] = useState("");
  const words = wanted.toLowerCase();
  const found = texts.filter((text) => `${text.key} ${text.own ?? text.default}`.toLowerCase().includes(words));
  const chosen = texts.find((text) => text.key === search.key);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[2fr_3fr]">
      <Card isFlush className={cn(chosen && "max-lg:order-2")}>
        <div className="border-b border-line p-3"><Input type="search" aria-label={t("text.search")} placeholder={t("text.search")} value={wanted} onChange={(event) => setWanted(event.target.value)} /></div>
        {found.length === 0 && <Empty icon={<SearchX />} title={t("list.nothing_found")} />}
        <ul className="scroll-quiet max-h-[34rem] overflow-y-auto">
          {found.map((text) => (
            <li key={text.key}>
              <button type="button" aria-current={text.key === chosen?.key} onClick={() => change({ key: text.key })} className={cn("grid w-full gap-0.5 border-b border-line px-4 py-2.5 text-left -outline-offset-2! hover:bg-hover", text.key === chosen?.key && "bg-brand-soft")}>
                <span className="flex items-center gap-2 font-mono text-[12.5px] text-ink-soft"><span className="truncate">{text.key}</span>{text.own !== null && <Badge tone="good">{t("text.own")}</Badge>}</span>
                <span className="truncate">{text.own ?? text.default}</span>
              </button>
            </li>
          ))}
        </ul>
      </Card>
      {chosen ? <TextEditor key={chosen.key} text={chosen} botId={botId} locale={locale} /> : <Card className="max-lg:hidden"><Empty title={t("text.choose")}>{t("text.choose_hint")}</Empty></Card>}
    </div>
  );
}
