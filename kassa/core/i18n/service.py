"""The owner's versions of texts."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock

from .models import I18nText
from .texts import Texts


async def load_overrides(session: AsyncSession, bot_id: UUID) -> dict[str, str]:
    """A bot's own texts, as "locale/key" → text."""
    rows = await session.execute(select(I18nText.locale, I18nText.key, I18nText.text).where(I18nText.bot_id == bot_id))
    return {f"{row.locale}/{row.key}": row.text for row in rows}


async def save_override(
    session: AsyncSession, texts: Texts, organization_id: UUID, bot_id: UUID, locale: str, key: str, text: str
) -> None:
    """Use the owner's version from now on. Raises Invalid `i18n.text_invalid`, NotFound `i18n.text_not_found`."""
    texts.check(key, locale, text)
    values = {"text": text, "updated_at": clock.now()}
    await session.execute(
        insert(I18nText)
        .values(organization_id=organization_id, bot_id=bot_id, locale=locale, key=key.replace(".", "-"), **values)
        .on_conflict_do_update(index_elements=["organization_id", "bot_id", "locale", "key"], set_=values)
    )


async def reset_override(session: AsyncSession, organization_id: UUID, bot_id: UUID, locale: str, key: str) -> None:
    """Go back to the default text."""
    await session.execute(
        delete(I18nText).where(
            I18nText.organization_id == organization_id, I18nText.bot_id == bot_id, I18nText.locale == locale,
            I18nText.key == key.replace(".", "-"),
        )
    )  # fmt: skip
