"""Channels: how Kassa talks with people, in words that no channel's library knows.

Owns the tables `channel_*`: bots, chats, every update in and every message out.
"""

from .admission import Admission
from .bots import BotInfo, Bots, add_bot, bots_with_chat, change_bot, find_bot, list_bots, remove_bot, rotate_tokens
from .connection import connect_bot, connect_bots, forget_connections, poll_bots
from .context import recall, remember
from .conversation import Conversation, Handlers, Turn
from .customer_app import CustomerApp, path_of, start_param_of
from .delivery import deliver, send_later
from .inbox import StoredUpdate, inbox_page, replay_update
from .intake import accept_update
from .ports import (
    BotConnector,
    ChatMigrated,
    ChatUnreachable,
    DraftsUnsupported,
    Messenger,
    Messengers,
    NotSent,
    SlowDown,
    chat_of,
)
from .types import (
    BotKind,
    BotProfile,
    Button,
    Buttons,
    ChatKind,
    ChatStatus,
    Command,
    Fetched,
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
    Transport,
    is_web,
    web_chat_of,
)
from .web.api import OwnChat, WebChat
from .web.messenger import WebMessenger
from .web.sites import site_of

__all__ = [
    "Admission",
    "BotConnector",
    "BotInfo",
    "BotKind",
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
    "CustomerApp",
    "DraftsUnsupported",
    "Fetched",
    "Format",
    "Handlers",
    "Incoming",
    "Media",
    "Messenger",
    "Messengers",
    "Migration",
    "NotSent",
    "Other",
    "Outgoing",
    "OwnChat",
    "Press",
    "Reachability",
    "SlowDown",
    "Stop",
    "StoredUpdate",
    "Text",
    "Transport",
    "Turn",
    "WebChat",
    "WebMessenger",
    "accept_update",
    "add_bot",
    "bots_with_chat",
    "change_bot",
    "chat_of",
    "connect_bot",
    "connect_bots",
    "deliver",
    "find_bot",
    "forget_connections",
    "inbox_page",
    "is_web",
    "list_bots",
    "path_of",
    "poll_bots",
    "recall",
    "remember",
    "remove_bot",
    "replay_update",
    "rotate_tokens",
    "send_later",
    "site_of",
    "start_param_of",
    "web_chat_of",
]
