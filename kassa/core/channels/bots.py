"""The installation's bots: adding, listing, removing, their profiles, and the rotation of their tokens."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import i18n
from kassa.core.access import Actor, Permission
from kassa.kit import clock, ids
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.errors import Conflict, NotFound

from .models import ChannelBot, ChannelChat
from .types import BotKind, BotProfile

PROFILE_TTL_S = 3.0
"""How long a process may use a bot's settings before it looks again."""


class Keep(Enum):
    """Says of a setting that it stays, where None has a meaning of its own."""

    IT = "keep"


@dataclass(frozen=True, slots=True)
class BotInfo:
    """A bot as an owner sees it: without its token."""

    id: UUID
    kind: BotKind
    telegram_id: int | None
    username: str
    name: str
    default_locale: str
    locales: tuple[str, ...]
    plans: tuple[str, ...] | None
    models: tuple[str, ...] | None
    enabled: bool
    connected_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class PublicBot:
    """A bot in Telegram as everybody sees it."""

    id: UUID
    telegram_id: int
    username: str
    name: str


async def add_bot(
    session: AsyncSession,
    vault: Vault,
    actor: Actor,
    token: str,
    described: tuple[int, str, str],
    *,
    default_locale: str,
    locales: Sequence[str],
    plans: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
) -> UUID:
    """Add a bot whose token was checked (`described` is what Telegram says of it).

    Raises Denied, Conflict `channels.bot_exists`.
    """
    actor.require(Permission.BOTS_EDIT)
    telegram_id, username, name = described
    bot = ChannelBot(
        id=ids.new(), organization_id=actor.organization_id, telegram_id=telegram_id, username=username, name=name,
        token_encrypted=vault.encrypt(token), webhook_path=ids.secret(18), webhook_secret=ids.secret(24),
        default_locale=default_locale, locales=list(locales), plans=list(plans) if plans is not None else None,
        models=list(models) if models is not None else None, enabled=True, poll_offset=0, created_at=clock.now(),
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(bot)
    except IntegrityError as error:
        raise Conflict("channels.bot_exists", f"@{username} is connected already", username=username) from error
    return bot.id


async def list_bots(session: AsyncSession, actor: Actor, kind: BotKind | None = None) -> list[BotInfo]:
    """Every bot of the organization, its site among them, or those of one kind. Raises Denied."""
    actor.require(Permission.BOTS_EDIT)
    wanted = select(ChannelBot).where(ChannelBot.organization_id == actor.organization_id)
    if kind is not None:
        wanted = wanted.where(ChannelBot.kind == kind.value)
    rows = await session.scalars(wanted.order_by(ChannelBot.created_at))
    return [_info(row) for row in rows]


async def change_bot(
    session: AsyncSession,
    actor: Actor,
    bot_id: UUID,
    *,
    default_locale: str | None = None,
    locales: Sequence[str] | None = None,
    plans: Sequence[str] | Keep | None = Keep.IT,
    models: Sequence[str] | Keep | None = Keep.IT,
    enabled: bool | None = None,
) -> BotInfo:
    """Change what a bot offers; what is left out stays, and None as plans or models means all, now and later.

    Raises Denied, NotFound `channels.bot_not_found`.
    """
    actor.require(Permission.BOTS_EDIT)
    bot = await _get(session, actor, bot_id)
    bot.default_locale = default_locale or bot.default_locale
    bot.locales = list(locales) if locales is not None else bot.locales
    if not isinstance(plans, Keep):
        bot.plans = list(plans) if plans is not None else None
    if not isinstance(models, Keep):
        bot.models = list(models) if models is not None else None
    bot.enabled = bot.enabled if enabled is None else enabled
    # A changed bot is connected again: its menu depends on its languages.
    bot.connected_at = None
    return _info(bot)


async def remove_bot(session: AsyncSession, actor: Actor, bot_id: UUID) -> str:
    """Disable a bot and forget its token; its chats and messages stay as history. The answer is its username.

    Raises Denied, NotFound `channels.bot_not_found`, Conflict `channels.site_stays`.
    """
    actor.require(Permission.BOTS_EDIT)
    bot = await _get(session, actor, bot_id)
    if bot.telegram_id is None:
        raise Conflict("channels.site_stays", "The site cannot be removed; it can be switched off")
    username = bot.username
    await session.execute(
        update(ChannelBot)
        .where(ChannelBot.id == bot_id)
        .values(enabled=False, token_encrypted="", telegram_id=-bot.telegram_id)
    )
    return username


async def find_bot(session: AsyncSession, given: str) -> UUID | None:
    """A bot by its id here, its Telegram id, or its @username."""
    # To Telegram a site has no name and no number, and all sites have the same none.
    is_telegram = ChannelBot.kind == BotKind.TELEGRAM.value
    found: ColumnElement[bool] = and_(is_telegram, ChannelBot.username == given.removeprefix("@"))
    if given.isdigit() and len(given) < 19:
        found = and_(is_telegram, ChannelBot.telegram_id == int(given))
    else:
        with contextlib.suppress(ValueError):
            found = ChannelBot.id == UUID(given)
    return (await session.scalars(select(ChannelBot.id).where(found, ChannelBot.enabled))).one_or_none()


async def bots_with_chat(session: AsyncSession, organization_id: UUID, chat_id: int) -> list[str]:
    """The usernames of the organization's bots that have this chat, the oldest chat first."""
    rows = await session.scalars(
        select(ChannelBot.username)
        .join(ChannelChat, ChannelChat.bot_id == ChannelBot.id)
        .where(ChannelBot.organization_id == organization_id, ChannelChat.chat_id == chat_id, ChannelBot.enabled)
        .order_by(ChannelChat.created_at)
    )
    return list(rows)


async def list_telegram_bots(session: AsyncSession, organization_id: UUID) -> list[PublicBot]:
    """The organization's bots in Telegram that are switched on, the oldest first: what anybody may know of them."""
    rows = await session.scalars(
        select(ChannelBot)
        .where(
            ChannelBot.organization_id == organization_id, ChannelBot.enabled,
            ChannelBot.kind == BotKind.TELEGRAM.value,
        )
        .order_by(ChannelBot.created_at, ChannelBot.id)
    )  # fmt: skip
    return [PublicBot(row.id, row.telegram_id or 0, row.username, row.name) for row in rows]


async def rotate_tokens(session: AsyncSession, vault: Vault) -> int:
    """Encrypt every token with the first secret key; how many there were. Raises Invalid `crypto.cannot_decrypt`."""
    count = 0
    rows = await session.scalars(select(ChannelBot).where(ChannelBot.token_encrypted != "").with_for_update())
    for bot in rows:
        bot.token_encrypted = vault.rotate(bot.token_encrypted)
        count += 1
    return count


class Bots:
    """Profiles of the bots, cached in the process for a moment so that a message costs no query."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._profiles: dict[UUID, tuple[float, BotProfile | None]] = {}
        self._paths: dict[str, tuple[float, tuple[UUID, str] | None]] = {}

    async def profile(self, bot_id: UUID) -> BotProfile:
        """One enabled bot. Raises NotFound `channels.bot_not_found`."""
        cached = self._profiles.get(bot_id)
        if cached is None or cached[0] < time.monotonic():
            async with self._database.transaction() as session:
                row = await session.get(ChannelBot, bot_id)
                profile = None
                if row is not None and row.enabled:
                    profile = self._profile(row, await i18n.load_overrides(session, bot_id))
            cached = (time.monotonic() + PROFILE_TTL_S, profile)
            self._profiles[bot_id] = cached
        if cached[1] is None:
            raise NotFound("channels.bot_not_found", "No such bot, or it is switched off")
        return cached[1]

    async def by_path(self, path: str) -> tuple[UUID, str] | None:
        """The bot behind a webhook's opaque path, and its secret."""
        cached = self._paths.get(path)
        if cached is None or cached[0] < time.monotonic():
            async with self._database.transaction() as session:
                row = (
                    await session.execute(
                        select(ChannelBot.id, ChannelBot.webhook_secret).where(
                            ChannelBot.webhook_path == path, ChannelBot.enabled
                        )
                    )
                ).one_or_none()
            if len(self._paths) > 10_000:  # strangers guessing paths must not fill the memory
                self._paths.clear()
            cached = (time.monotonic() + PROFILE_TTL_S, (row.id, row.webhook_secret) if row else None)
            self._paths[path] = cached
        return cached[1]

    def forget(self) -> None:
        """Look everything up again."""
        self._profiles.clear()
        self._paths.clear()

    def _profile(self, row: ChannelBot, overrides: dict[str, str]) -> BotProfile:
        return BotProfile(
            row.id, row.organization_id, row.telegram_id or 0, row.username, row.name,
            # A site's token is nobody's: whatever is signed with an empty one must not pass as Telegram's word.
            self._vault.decrypt(row.token_encrypted) if row.token_encrypted else ids.secret(),
            row.default_locale, tuple(row.locales),
            tuple(row.plans) if row.plans is not None else None,
            tuple(row.models) if row.models is not None else None, overrides, BotKind(row.kind),
        )  # fmt: skip


async def _get(session: AsyncSession, actor: Actor, bot_id: UUID) -> ChannelBot:
    bot = await session.get(ChannelBot, bot_id)
    if bot is None or bot.organization_id != actor.organization_id:
        raise NotFound("channels.bot_not_found", "No such bot")
    return bot


def _info(row: ChannelBot) -> BotInfo:
    return BotInfo(
        row.id, BotKind(row.kind), row.telegram_id, row.username, row.name, row.default_locale, tuple(row.locales),
        tuple(row.plans) if row.plans is not None else None, tuple(row.models) if row.models is not None else None,
        row.enabled, row.connected_at, row.problem,
    )  # fmt: skip
