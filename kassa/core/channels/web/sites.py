"""The site of an organization: a bot row without Telegram, so that an installation without a single bot can sell."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from kassa.core import identity
from kassa.core.channels.models import ChannelBot
from kassa.core.channels.types import BotKind
from kassa.kit import clock, ids
from kassa.kit.db import Database

_KNOWN = "select id from channel_bot where organization_id = $1 and kind = 'site'"


async def site_of(database: Database, organization_id: UUID, locales: list[str]) -> UUID:
    """The organization's site, made when it is first asked for. Its texts, plans and models are changed as a bot's.

    Raises NotFound `identity.organization_not_found`.
    """
    while not (rows := await database.call(_KNOWN, organization_id)):
        async with database.transaction() as session:
            organization = await identity.get_organization(session, organization_id)
            await session.execute(
                insert(ChannelBot)
                .values(
                    id=ids.new(), organization_id=organization.id, kind=BotKind.SITE.value, telegram_id=None,
                    username="", name=organization.name, token_encrypted="", webhook_path=ids.secret(18),
                    webhook_secret=ids.secret(24), default_locale=organization.default_locale, locales=locales,
                    enabled=True, poll_offset=0, created_at=clock.now(),
                )
                .on_conflict_do_nothing()
            )  # fmt: skip
    return UUID(str(rows[0]["id"]))
