// Making people, bots and groups.

import { useState, type FormEvent } from "react";

import { api } from "../api";
import { Labelled, Modal, Primary } from "../parts";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";
import type { Bot } from "../types";

const NAMES = {
  en: ["Anna", "Boris", "Clara", "Daniel", "Emma", "Felix", "Grace", "Henry", "Iris", "Jack"],
  ru: ["Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Ирина", "Кирилл"],
};

export function PersonDialog({ onClose }: { onClose: () => void }) {
  const { t, language } = usePreferences();
  const { people, choosePerson, attempt } = useSandbox();
  const [speaks, setSpeaks] = useState<"ru" | "en">(language);
  const suggestion = NAMES[speaks].find((name) => !people.some((person) => person.first_name === name)) ?? NAMES[speaks][0]!;
  const [name, setName] = useState("");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const person = await api.createPerson({ first_name: name.trim() || suggestion, language_code: speaks });
      choosePerson(person.id);
      onClose();
    });
  };
  return (
    <Modal title={t("newPerson")} onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <Labelled label={t("name")}>
          <input className="field" autoFocus value={name} placeholder={suggestion} maxLength={64} onChange={(event) => setName(event.target.value)} />
        </Labelled>
        <Labelled label={t("language")}>
          <select className="field" value={speaks} onChange={(event) => setSpeaks(event.target.value as "ru" | "en")}>
            <option value="ru">Русский</option>
            <option value="en">English</option>
          </select>
        </Labelled>
        <div className="flex justify-end"><Primary>{t("create")}</Primary></div>
      </form>
    </Modal>
  );
}

export function BotDialog({ onClose }: { onClose: () => void }) {
  const { t } = usePreferences();
  const { personId, chooseChat, attempt, reload, say } = useSandbox();
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const [token, setToken] = useState("");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const bot = await api.createBot({ name: name.trim(), username: username.trim(), token: token.trim() });
      await navigator.clipboard?.writeText(bot.token).then(() => say(t("botAdded")), () => undefined);
      await reload();
      if (personId) chooseChat(`${bot.id}:${personId}`);
      onClose();
    });
  };
  return (
    <Modal title={t("newBot")} onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <Labelled label={t("name")}>
          <input className="field" autoFocus required maxLength={64} value={name} onChange={(event) => setName(event.target.value)} placeholder="Kassa" />
        </Labelled>
        <Labelled label={t("username")}>
          <input className="field" value={username} pattern="@?[A-Za-z]\w{2,31}" onChange={(event) => setUsername(event.target.value)} placeholder="@kassa_demo_bot" />
        </Labelled>
        <Labelled label={t("token")} hint={t("tokenHint")}>
          <input className="field font-mono text-sm" value={token} pattern="\d{3,}:[A-Za-z0-9_\-]{30,}" onChange={(event) => setToken(event.target.value)} />
        </Labelled>
        <div className="flex justify-end"><Primary>{t("create")}</Primary></div>
      </form>
    </Modal>
  );
}

/** What the owner tells @BotFather: where links to the bot's app lead. */
export function AppDialog({ bot, onClose }: { bot: Bot; onClose: () => void }) {
  const { t } = usePreferences();
  const { attempt } = useSandbox();
  const [address, setAddress] = useState(bot.main_app);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(() => api.changeBot(bot.id, { main_app: address.trim() }).then(onClose));
  };
  return (
    <Modal title={t("appAddress").replace("…", "")} onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <Labelled label={t("address")} hint={t("appAddressHint")}>
          <input className="field" autoFocus type="url" value={address} onChange={(event) => setAddress(event.target.value)} placeholder={`${location.origin}/`} />
        </Labelled>
        <div className="flex justify-end"><Primary>{t("save")}</Primary></div>
      </form>
    </Modal>
  );
}

export function GroupDialog({ onClose }: { onClose: () => void }) {
  const { t } = usePreferences();
  const { people, bots, personId, chooseChat, attempt, reload } = useSandbox();
  const [title, setTitle] = useState("");
  const [type, setType] = useState("group");
  const [chosen, setChosen] = useState<number[]>(bots.slice(0, 1).map((bot) => bot.id));
  const [areAdmins, setAreAdmins] = useState(false);
  const candidates = [
    ...bots.map((bot) => ({ id: bot.id, name: `${bot.name} · @${bot.username}` })),
    ...people.filter((person) => person.id !== personId).slice(0, 30).map((person) => ({ id: person.id, name: person.first_name })),
  ];

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!personId) return;
    void attempt(async () => {
      const isBot = (id: number) => bots.some((bot) => bot.id === id);
      const chat = await api.createGroup({
        title: title.trim(), owner: personId, type, bots: chosen.filter(isBot), people: chosen.filter((id) => !isBot(id)),
        bots_are_administrators: areAdmins || type === "channel",
      });
      await reload();
      chooseChat(chat.key);
      onClose();
    });
  };
  const toggle = (id: number) => setChosen((old) => (old.includes(id) ? old.filter((item) => item !== id) : [...old, id]));
  return (
    <Modal title={t("newGroup")} onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <Labelled label={t("title")}>
          <input className="field" autoFocus required maxLength={128} value={title} onChange={(event) => setTitle(event.target.value)} />
        </Labelled>
        <Labelled label={t("groupType")}>
          <select className="field" value={type} onChange={(event) => setType(event.target.value)}>
            {(["group", "supergroup", "channel"] as const).map((kind) => <option key={kind} value={kind}>{t(kind)}</option>)}
          </select>
        </Labelled>
        <fieldset>
          <legend className="mb-1 text-[13px] font-medium text-ink-soft">{t("members")}</legend>
          <div className="max-h-44 overflow-y-auto rounded-xl border border-line">
            {candidates.map((candidate) => (
              <label key={candidate.id} className="flex items-center gap-2.5 px-3 py-2 text-[15px] hover:bg-soft">
                <input type="checkbox" className="size-4 accent-accent" checked={chosen.includes(candidate.id)} onChange={() => toggle(candidate.id)} />
                <span className="truncate">{candidate.name}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <label className="flex items-center gap-2.5 text-[15px]">
          <input type="checkbox" className="size-4 accent-accent" checked={areAdmins || type === "channel"} disabled={type === "channel"} onChange={(event) => setAreAdmins(event.target.checked)} />
          {t("botsAreAdmins")}
        </label>
        <div className="flex justify-end"><Primary>{t("create")}</Primary></div>
      </form>
    </Modal>
  );
}
