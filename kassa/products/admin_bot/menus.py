"""The command menu of a chat with staff: everybody's commands and those that the member's role has."""

from uuid import UUID

import structlog

from kassa.core import channels, i18n, identity
from kassa.core.access import Actor, Permission
from kassa.core.channels import BotConnector, BotProfile
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Kind

logger = structlog.get_logger(__name__)

COMMANDS: dict[str, Permission | None] = {
    "admin": None,
    "stats": Permission.DASHBOARD_VIEW,
    "role": None,
    "ban": Permission.CUSTOMERS_BAN,
    "refund": Permission.REFUND,
}
"""The commands for staff, and what a role needs for them."""

_CHATS = "select bot_id, organization_id, locale from admin_bot_chat where telegram_id = $1"
_LOCALE = "select locale from admin_bot_chat where bot_id = $1 and telegram_id = $2"
_GONE = "delete from admin_bot_chat where telegram_id = $1 and organization_id = $2"


async def set_menu(app: App, bot_id: str, telegram_id: int) -> None:
    """Job: give one chat the menu that fits its person now."""
    try:
        bot = await app.get(channels.Bots).profile(UUID(bot_id))
    except AppError as error:
        if error.kind is Kind.NOT_FOUND:
            return  # the bot was removed or switched off
        raise
    async with app.get(Database).transaction() as session:
        actor = await identity.staff_in_telegram(session, bot.organization_id, telegram_id)
    rows = await app.get(Database).call(_LOCALE, bot.id, telegram_id)
    locale = rows[0]["locale"] if rows else bot.default_locale
    try:
        await app.get(BotConnector).set_commands(bot, {"": _commands(app, bot, actor, locale)}, telegram_id)
    except (channels.ChatUnreachable, channels.NotSent) as error:
        logger.info("staff_menu_not_set", bot_id=bot_id, code=error.code)


async def change_menus(app: App, telegram_id: int) -> None:
    """Job after somebody became staff, is it no more, or may do other things: every chat that they have as staff."""
    database = app.get(Database)
    for row in await database.call(_CHATS, telegram_id):
        await set_menu(app, str(row["bot_id"]), telegram_id)
        async with database.transaction() as session:
            actor = await identity.staff_in_telegram(session, row["organization_id"], telegram_id)
        if actor is None:
            await database.call(_GONE, telegram_id, row["organization_id"])


def _commands(app: App, bot: BotProfile, actor: Actor | None, locale: str) -> list[tuple[str, str]]:
    """Names and descriptions; none for who is no staff, so that the chat has the common menu."""
    if actor is None:
        return []
    texts = app.get(i18n.Texts)
    own = [name for name, permission in COMMANDS.items() if permission is None or actor.may(permission)]
    names = [*own, *app.get(channels.Conversation).commands]
    return [(name, texts.text(f"command-{name}", locale, bot.overrides)) for name in names]
