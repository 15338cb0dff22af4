"""What a product's bot.py works with: handlers it declares, and the turn it is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access, i18n, identity, policies
from kassa.kit.app import App
from kassa.kit.db import LazyTransaction

from .admission import subject_of
from .types import (
    BotProfile,
    Button,
    Buttons,
    ChatKind,
    Command,
    Format,
    Incoming,
    Media,
    Outgoing,
    Press,
    Stop,
    Text,
    Transport,
    is_web,
)


@dataclass(slots=True)
class Turn:
    """One update being handled: its transaction, who speaks, and the replies that go out after the commit.

    The edge commits; a handler calls verbs, says things and returns. It makes no network calls: outside work is
    a job that the verb enqueues.
    """

    app: App
    transaction: LazyTransaction
    bot: BotProfile
    incoming: Incoming
    customer: identity.Customer
    locale: str
    context: dict[str, Any]
    texts: i18n.Texts
    replies: list[Outgoing] = field(default_factory=list)
    note: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    """What the turn changed in the dialogue's facts; None forgets one."""

    @property
    def session(self) -> AsyncSession:
        """The transaction that the reply goes out after; opened by the first use."""
        return self.transaction.session

    @property
    def chat_id(self) -> int:
        """Where the answer goes."""
        return self.incoming.chat_id

    @property
    def is_private(self) -> bool:
        """Whether only this person reads the chat."""
        return self.incoming.chat_kind is ChatKind.PRIVATE

    @property
    def return_url(self) -> str:
        """Where a person comes back to who has left for a page of somebody else's, to pay."""
        if is_web(self.chat_id):
            return self.app.get(Transport).public_url
        return f"https://t.me/{self.bot.username}"

    @property
    def actor(self) -> access.Actor:
        """The customer as the one who acts."""
        return access.customer_actor(self.customer.organization_id, self.customer.id)

    def subject(self, fingerprint: str = "") -> policies.Subject:
        """The customer as rules see them; equal requests have equal fingerprints."""
        return subject_of(self.bot, self.customer.id, self.chat_id, fingerprint)

    def t(self, key: str, **facts: Any) -> str:
        """A text in the customer's language, as this bot's owner wants it."""
        return self.texts.text(key, self.locale, self.bot.overrides, **facts)

    def say(self, text: str, buttons: Buttons = (), format: Format = Format.MARKDOWN) -> None:
        """Answer with a message."""
        self.replies.append(Outgoing(text, buttons, format))

    def show(self, text: str, buttons: Buttons = ()) -> None:
        """Answer in place: a pressed button's own message changes, otherwise a new one is sent."""
        event = self.incoming.event
        message_id = event.message_id if isinstance(event, Press) else None
        self.replies.append(Outgoing(text, buttons, edit_message_id=message_id))

    def toast(self, text: str) -> None:
        """A short note over the chat after a press."""
        self.note = text

    def remember(self, **facts: Any) -> None:
        """Keep facts of the dialogue until they are changed; None forgets one."""
        self.context = {key: value for key, value in (self.context | facts).items() if value is not None}
        self.changes |= facts


Handler = Callable[[Turn], Awaitable[None]]
CommandHandler = Callable[[Turn, str], Awaitable[None]]
HiddenHandler = Callable[[Turn, str], Awaitable[bool]]
PressHandler = Callable[[Turn, str], Awaitable[None]]
TextHandler = Callable[[Turn, Text], Awaitable[None]]
MediaHandler = Callable[[Turn, Media], Awaitable[None]]
StopHandler = Callable[[Turn, Stop], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handlers:
    """What a module answers to. A press "buy:x" goes to presses["buy"] with "x"; the first `awaiting` key found in
    the chat's context takes a text before `text` does."""

    commands: dict[str, CommandHandler] = field(default_factory=dict)
    hidden: dict[str, HiddenHandler] = field(default_factory=dict)
    """Commands for some people only: in no menu, and unknown to those for whom the handler answers False."""
    presses: dict[str, PressHandler] = field(default_factory=dict)
    awaiting: dict[str, TextHandler] = field(default_factory=dict)
    text: TextHandler | None = None
    media: MediaHandler | None = None
    stop: StopHandler | None = None
    links: dict[str, PressHandler] = field(default_factory=dict)
    """What a deep link /start <name>_<argument> leads to."""
    menu: tuple[tuple[int, str, str], ...] = ()
    """Buttons of the main menu: order, text key, action."""
    settings: tuple[tuple[str, str], ...] = ()
    """Buttons of /settings: text key, action."""


class Conversation:
    """All modules' handlers together; filled once by the runtime."""

    def __init__(self) -> None:
        self._commands: dict[str, CommandHandler] = {}
        self._hidden: dict[str, HiddenHandler] = {}
        self._presses: dict[str, PressHandler] = {}
        self._links: dict[str, PressHandler] = {}
        self._awaiting: dict[str, TextHandler] = {}
        self._text: TextHandler | None = None
        self._media: MediaHandler | None = None
        self._stop: StopHandler | None = None
        self._menu: list[tuple[int, str, str]] = []
        self.settings: list[tuple[str, str]] = []

    def add(self, handlers: Handlers) -> None:
        """Plug a module's handlers in. Two modules must not answer to the same command or press."""
        for known, new in ((self._commands, handlers.commands), (self._presses, handlers.presses)):
            clash = known.keys() & new.keys()
            if clash:
                raise ValueError(f"two modules answer to {sorted(clash)}")
            known.update(new)
        self._hidden.update(handlers.hidden)
        self._links.update(handlers.links)
        self._awaiting.update(handlers.awaiting)
        self._text = handlers.text or self._text
        self._media = handlers.media or self._media
        self._stop = handlers.stop or self._stop
        self._menu = sorted([*self._menu, *handlers.menu])
        self.settings.extend(handlers.settings)

    @property
    def commands(self) -> list[str]:
        """Every command, for the menu of the channel."""
        return list(self._commands)

    def menu(self, turn: Turn) -> Buttons:
        """The main menu's buttons, two in a row."""
        return self.menu_in(turn.t)

    def menu_in(self, t: Callable[[str], str]) -> Buttons:
        """The same, with its words as `t` says them."""
        buttons = [Button(t(key), action) for _order, key, action in self._menu]
        return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]

    def wait_no_more(self, turn: Turn) -> None:
        """Drop what any module was waiting for: the next words are nobody's answer."""
        waiting = {key: None for key in self._awaiting if key in turn.context}
        if waiting:
            turn.remember(**waiting)

    async def follow_link(self, turn: Turn, payload: str) -> bool:
        """Lead to what a deep link names; False when it names nothing known."""
        name, _, argument = payload.partition("_")
        if name not in self._links:
            return False
        await self._links[name](turn, argument)
        return True

    async def answer(self, turn: Turn) -> None:
        """Let the right handler answer; what nobody knows gets a hint in a private chat and silence in a group."""
        event = turn.incoming.event
        if isinstance(event, Command):
            await self._answer_command(turn, event)
        elif isinstance(event, Press):
            name, _, argument = event.action.partition(":")
            if name in self._presses:
                await self._presses[name](turn, argument)
            else:
                turn.toast(turn.t("channels-button-outdated"))
        elif isinstance(event, Text):
            await self._answer_text(turn, event)
        elif isinstance(event, Media) and self._media is not None:
            await self._media(turn, event)
        elif isinstance(event, Stop) and self._stop is not None:
            await self._stop(turn, event)

    async def _answer_command(self, turn: Turn, event: Command) -> None:
        # Whoever gives a command has dropped what the bot was waiting for.
        self.wait_no_more(turn)
        if event.name in self._commands:
            await self._commands[event.name](turn, event.argument)
            return
        hidden = self._hidden.get(event.name)
        if not (hidden and await hidden(turn, event.argument)) and turn.is_private:
            turn.say(turn.t("channels-unknown-command"), self.menu(turn))

    async def _answer_text(self, turn: Turn, event: Text) -> None:
        for key, handler in self._awaiting.items():
            if key in turn.context:
                await handler(turn, event)
                return
        if self._text is not None:
            await self._text(turn, event)
