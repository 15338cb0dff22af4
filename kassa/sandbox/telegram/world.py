"""The state of the emulated Telegram: kept in memory, written behind to the store."""

import asyncio
import secrets
from collections import defaultdict

from kassa.kit import clock
from kassa.sandbox.store import Store
from kassa.sandbox.telegram.errors import ApiError, Json, bad_request, forbidden
from kassa.sandbox.telegram.state import Bot, Chat, Person

_FLUSH_S = 0.2
# A load test must not fill the memory: older messages of a chat are forgotten.
_HISTORY = 2000
_FIRST_PERSON = 700_000_001
_FIRST_GROUP = 4_000_000_001
_FIRST_SUPERGROUP = 1_000_000_000_000 + 2_000_000_001


class World:
    """People, bots, chats, messages and files."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.people: dict[int, Person] = {}
        self.bots: dict[int, Bot] = {}
        self.chats: dict[str, Chat] = {}
        self.messages: defaultdict[str, dict[int, Json]] = defaultdict(dict)
        self.open_to_all = False
        self._dirty: dict[tuple[str, str], Json | None] = {}
        self._stale: dict[tuple[str, str], Person | Bot | Chat] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._load()

    def _load(self) -> None:
        for _, document in self.store.all("telegram_people"):
            person = Person.load(document)
            self.people[person.id] = person
        self._next_person = max((*self.people, _FIRST_PERSON - 1)) + 1
        for _, document in self.store.all("telegram_bots"):
            bot = Bot.load(document)
            # Numbers given out just before the process was killed are not on disk, and must not be given again.
            bot.next_update_id += 1000
            self.bots[bot.id] = bot
        for key, document in self.store.all("telegram_chats"):
            self.chats[key] = Chat.load(document)
        for name, document in self.store.all("telegram_messages"):
            self.messages[name.rpartition("|")[0]][document["message_id"]] = document

    def save(self, item: Person | Bot | Chat) -> None:
        """Remember to write a changed object."""
        if isinstance(item, Person):
            name = ("telegram_people", f"{item.id:015d}")
        elif isinstance(item, Bot):
            name = ("telegram_bots", str(item.id))
        else:
            name = ("telegram_chats", item.key)
        self._stale[name] = item
        self._schedule()

    def put(self, collection: str, key: str, body: Json | None) -> None:
        """Remember to write (or with None to remove) a document."""
        self._dirty[collection, key] = body
        self._schedule()

    def _schedule(self) -> None:
        if self._timer is None:
            try:
                self._timer = asyncio.get_running_loop().call_later(_FLUSH_S, self.flush)
            except RuntimeError:
                self.flush()

    def flush(self) -> None:
        """Write everything that has changed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        dirty, stale = self._dirty, self._stale
        self._dirty, self._stale = {}, {}
        if dirty or stale:
            changes = [(collection, key, body) for (collection, key), body in dirty.items()]
            changes += [(collection, key, item.document()) for (collection, key), item in stale.items()]
            self.store.write(changes)

    def add_person(self, first_name: str, *, person_id: int | None = None, **facts: str | bool) -> Person:
        """A new person; without an id the next free one."""
        number = person_id or self._next_person
        self._next_person = max(self._next_person, number + 1)
        person = Person.load({"id": number, "first_name": first_name, **facts})
        self.people[number] = person
        self.save(person)
        return person

    def add_bot(self, token: str, name: str = "", username: str = "") -> Bot:
        """A bot for this token; the number in front of the colon is its id."""
        number = int(token.partition(":")[0])
        bot = Bot(number, token, name or f"Bot {number}", username or f"sandbox_{number}_bot")
        # Real counters do not start at one; a number that stands out helps to tell ids apart.
        bot.next_update_id = secrets.randbelow(900_000) * 1000 + 1
        self.bots[number] = bot
        self.save(bot)
        return bot

    def bot_by_username(self, username: str) -> Bot | None:
        """The bot with this @username, in any case."""
        wanted = username.lstrip("@").lower()
        return next((bot for bot in self.bots.values() if bot.username.lower() == wanted), None)

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """The chat of a person with a bot, made on first use."""
        key = f"{bot.id}:{person.id}"
        chat = self.chats.get(key)
        if chat is None:
            chat = self.chats[key] = Chat(key, person.id, "private", bot_id=bot.id)
            self.save(chat)
        return chat

    def add_group(self, title: str, owner: Person, kind: str = "group") -> Chat:
        """A group, supergroup or channel that `owner` has created."""
        ids = [chat.id for chat in self.chats.values() if chat.id < 0]
        if kind == "group":
            number = min((*[item for item in ids if item > -_FIRST_SUPERGROUP], -_FIRST_GROUP + 1)) - 1
        else:
            number = min((*ids, -_FIRST_SUPERGROUP + 1)) - 1
        chat = Chat(str(number), number, kind, title=title, owner_id=owner.id, members={owner.id: "creator"})
        self.chats[chat.key] = chat
        self.save(chat)
        return chat

    def resolve(self, bot: Bot, chat_id: int | str) -> Chat:
        """The chat a bot means, or the error that the server gives for it."""
        if isinstance(chat_id, str) and not chat_id.lstrip("-").isdigit():
            return self._by_username(bot, chat_id)
        number = int(chat_id)
        if number > 0:
            return self._private(bot, number)
        chat = self.chats.get(str(number))
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        status = chat.members.get(bot.id)
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {_called(chat)} chat")
        if status in (None, "left"):
            raise forbidden(f"bot is not a member of the {_called(chat)} chat")
        return chat

    def _private(self, bot: Bot, number: int) -> Chat:
        chat = self.chats.get(f"{bot.id}:{number}")
        person = self.people.get(number)
        if chat is None and self.open_to_all and number not in self.bots:
            return self.private_chat(bot, person or self.add_person(f"Person {number}", person_id=number))
        if person is None or chat is None:
            meets = any(number in item.members and bot.id in item.members for item in self.chats.values())
            raise forbidden("bot can't initiate conversation with a user") if meets else bad_request("chat not found")
        if person.is_deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def _by_username(self, bot: Bot, name: str) -> Chat:
        wanted = name.lstrip("@").lower()
        for chat in self.chats.values():
            if chat.username and chat.username.lower() == wanted:
                return self.resolve(bot, chat.id)
        raise bad_request("chat not found")

    def chat_object(self, chat: Chat) -> Json:
        """The Bot API's Chat."""
        if chat.is_private:
            person = self.people[chat.id]
            facts = {"first_name": person.first_name, "last_name": person.last_name, "username": person.username}
        else:
            facts = {"title": chat.title, "username": chat.username}
        return {"id": chat.id, "type": chat.type, **{name: value for name, value in facts.items() if value}}

    def new_message(self, chat: Chat, sender: Json, content: Json, *, stored: bool = True) -> Json:
        """A message in the chat; `stored=False` gives it an id and forgets it (the fault "lost")."""
        counter = self.bots[chat.bot_id] if chat.is_private else chat
        message: Json = {
            "message_id": counter.next_message_id,
            "from": sender,
            "chat": self.chat_object(chat),
            "date": int(clock.now().timestamp()),
            **content,
        }
        if chat.type == "channel":
            message["sender_chat"] = message["chat"]
            del message["from"]
        counter.next_message_id += 1
        self.save(counter)
        if stored:
            history = self.messages[chat.key]
            history[message["message_id"]] = message
            self.save_message(chat, message)
            if len(history) > _HISTORY:
                self._forget(chat, len(history) // 10)
        return message

    def _forget(self, chat: Chat, count: int) -> None:
        for message_id in list(self.messages[chat.key])[:count]:
            self.remove_message(chat, message_id)

    def save_message(self, chat: Chat, message: Json) -> None:
        """Remember to write a new or edited message."""
        self.put("telegram_messages", f"{chat.key}|{message['message_id']:012d}", message)

    def remove_message(self, chat: Chat, message_id: int) -> None:
        """Delete a message."""
        self.messages[chat.key].pop(message_id, None)
        self.put("telegram_messages", f"{chat.key}|{message_id:012d}", None)


def _called(chat: Chat) -> str:
    return "group" if chat.type == "group" else chat.type
