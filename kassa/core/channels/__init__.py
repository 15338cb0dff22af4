"""Channels: how Kassa talks with people, in words that no channel's library knows.

Owns the tables `channel_*`: bots, chats, every update in and every message out.
"""

from .bots import BotInfo, Bots, add_bot, change_bot, find_bot, list_bots, remove_bot, rotate_tokens
from .connection import Transport, connect_bot, connect_bots, forget_connections, poll_bots
from .conversation import Conversation, Handlers, Turn
from .delivery import deliver, send_later
from .intake import accept_update
from .ports import ChatMigrated, ChatUnreachable, DraftsUnsupported, Messenger, NotSent, SlowDown, chat_of
from .types import (
    BotProfile,
    Button,
    Buttons,
    ChatKind,
    ChatStatus,
    Command,
    Format,
    Incoming,
    Media,
    Migration,
    Other,
    Outgoing,
    Press,
    Reachability,
    Stop,
    Text,
)

__all__ = [
    "BotInfo",
    "BotProfile",
    "Bots",
    "Button",
    "Buttons",
    "ChatKind",
    "ChatMigrated",
    "ChatStatus",
    "ChatUnreachable",
    "Command",
    "Conversation",
    "DraftsUnsupported",
    "Format",
    "Handlers",
    "Incoming",
    "Media",
    "Messenger",
    "Migration",
    "NotSent",
    "Other",
    "Outgoing",
    "Press",
    "Reachability",
    "SlowDown",
    "Stop",
    "Text",
    "Transport",
    "Turn",
    "accept_update",
    "add_bot",
    "change_bot",
    "chat_of",
    "connect_bot",
    "connect_bots",
    "deliver",
    "find_bot",
    "forget_connections",
    "list_bots",
    "poll_bots",
    "remove_bot",
    "rotate_tokens",
    "send_later",
]
