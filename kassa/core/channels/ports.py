"""What a channel must do for us; the errors of sending tell what to do next."""

from typing import Any, Protocol

from kassa.kit.errors import AppError, Conflict, Unavailable

from .types import BotProfile, Fetched, Incoming, Media, Outgoing, is_web


class ChatUnreachable(Conflict):
    """Nobody reads there any more: `status` is blocked or deactivated. Final until the person comes back."""

    def __init__(self, status: str) -> None:
        super().__init__("channels.chat_unreachable", "The chat cannot be reached", status=status)


class ChatMigrated(Conflict):
    """The group has another id now."""

    def __init__(self, to_chat_id: int) -> None:
        super().__init__("channels.chat_migrated", "The chat has moved", to_chat_id=to_chat_id)


class SlowDown(Unavailable):
    """The channel asks to wait `retry_after_s` seconds."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("channels.slow_down", "The channel asks to wait", retry_after_s=retry_after_s)


class NotSent(AppError):
    """The message itself was refused and would be refused again. `formatting` tells that plain text may pass."""

    def __init__(self, reason: str, *, formatting: bool = False) -> None:
        super().__init__("channels.not_sent", reason, formatting=formatting)

    @property
    def is_formatting(self) -> bool:
        """Whether the same words without formatting may be accepted."""
        return bool(self.facts["formatting"])


class DraftsUnsupported(Conflict):
    """This chat cannot show drafts: use edits."""

    def __init__(self) -> None:
        super().__init__("channels.drafts_unsupported", "This chat shows no drafts")


class Messenger(Protocol):
    """A channel as the rest of Kassa sees it: one for Telegram, one for the web.

    Every method raises SlowDown, ChatUnreachable, ChatMigrated, NotSent, or Unavailable when the outcome is not
    known or the channel does not answer.
    """

    @property
    def draft_every_s(self) -> float:
        """How often a draft may be shown anew."""
        ...

    def parse(self, bot: BotProfile, payload: dict[str, Any]) -> Incoming:
        """An update in our words."""
        ...

    async def send(self, bot: BotProfile, chat_id: int, message: Outgoing, delivery: int | None = None) -> int | None:
        """Send or edit; the answer is the message's id, None when there was nothing to change.

        `delivery` is the number of the stored message, the same when it is sent again: a channel that can tell a repeat
        by it sends once.
        """
        ...

    async def draft(self, bot: BotProfile, chat_id: int, draft_id: int, text: str, *, rich: bool) -> None:
        """Show a part of an answer with a Stop button. Raises DraftsUnsupported too."""
        ...

    async def typing(self, bot: BotProfile, chat_id: int) -> None:
        """Show that an answer is on its way."""
        ...

    async def answer_press(self, bot: BotProfile, chat_id: int, press_id: str, text: str) -> None:
        """Stop the button's spinner, with a short note when there is a text."""
        ...

    async def fetch(self, bot: BotProfile, media: Media) -> Fetched:
        """A file that somebody sent, from where the channel keeps it. Raises LimitReached `files.too_large` too."""
        ...

    def split(self, text: str, message: Outgoing) -> list[Outgoing]:
        """A text of any length as messages that the channel takes, formatting kept whole in each."""
        ...


class Messengers:
    """Every channel of this process: the chat says which one it is in."""

    def __init__(self, telegram: Messenger, web: Messenger) -> None:
        self._telegram = telegram
        self._web = web

    def of(self, chat_id: int) -> Messenger:
        """The channel of a chat."""
        return self._web if is_web(chat_id) else self._telegram


class BotConnector(Protocol):
    """What only Telegram wants: bots with tokens, updates that are fetched or pushed, a menu in the app.

    Raises as Messenger does.
    """

    async def describe(self, token: str) -> tuple[int, str, str]:
        """The bot's id, username and name. Raises Invalid `channels.token_refused`."""
        ...

    async def set_webhook(self, bot: BotProfile, url: str, secret: str) -> None:
        """Ask for updates at an address."""
        ...

    async def delete_webhook(self, bot: BotProfile) -> None:
        """Ask for no webhook, so that polling works. Pending updates are kept."""
        ...

    async def poll(self, bot: BotProfile, offset: int, timeout_s: int) -> list[dict[str, Any]]:
        """New updates from `offset` on, as they came."""
        ...

    async def set_commands(
        self, bot: BotProfile, commands: dict[str, list[tuple[str, str]]], chat_id: int | None = None
    ) -> None:
        """The command menu: by locale ("" is the default), names and descriptions.

        With `chat_id` it is the menu of that chat alone; an empty list leaves the chat the common one.
        """
        ...

    async def set_descriptions(self, bot: BotProfile, descriptions: dict[str, tuple[str, str]]) -> None:
        """What people read before they start, and in the bot's profile: by locale, long and short."""
        ...

    async def set_menu_button(self, bot: BotProfile, text: str) -> None:
        """The button beside the input field opens the customer's app, where the channel can open it."""
        ...


def chat_of(payload: dict[str, Any]) -> int:
    """The chat that an update belongs to, read without understanding the rest; 0 when it has none.

    It decides only the order of handling. Telegram puts a chat, or failing that a user, into every kind of update.
    """
    for kind, body in payload.items():
        if kind == "update_id" or not isinstance(body, dict):
            continue
        for holder in (body, body.get("message")):
            if isinstance(holder, dict):
                chat = holder.get("chat")
                if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                    return int(chat["id"])
        for person in (body.get("from"), body.get("user")):
            if isinstance(person, dict) and isinstance(person.get("id"), int):
                return int(person["id"])
    return 0
