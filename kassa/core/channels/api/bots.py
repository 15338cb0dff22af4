"""The owner's bots and their texts over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit, i18n
from kassa.core.access import Actor, Permission, StaffActor
from kassa.core.channels import bots
from kassa.core.channels.ports import BotConnector
from kassa.core.channels.types import BotKind
from kassa.kit import jobs
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.errors import Invalid, NotFound
from kassa.kit.listing import Page
from kassa.kit.lists import ListOut, add_list
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1/admin/bots", responses=ERRORS)


class BotOut(BaseModel):
    """A bot without its token; the site has no Telegram id."""

    id: UUID
    kind: BotKind
    telegram_id: int | None
    username: str
    name: str
    default_locale: str
    locales: list[str]
    plans: list[str] | None
    models: list[str] | None
    enabled: bool
    is_connected: bool
    problem: str | None


class BotIn(BaseModel):
    """A bot to connect: its token, and what it offers (everything when left out)."""

    token: str = Field(min_length=10, max_length=200)
    default_locale: str = Field("ru", max_length=8)
    locales: list[str] = Field(default=["ru", "en"], min_length=1, max_length=20)
    plans: list[str] | None = Field(None, max_length=200)
    models: list[str] | None = Field(None, max_length=200)


class BotChange(BaseModel):
    """What to change; what is left out stays. Null as plans or models means all of them, now and later."""

    default_locale: str | None = None
    locales: list[str] | None = Field(default=None, min_length=1)
    plans: list[str] | None = None
    models: list[str] | None = None
    enabled: bool | None = None


async def _fetch(session: AsyncSession, actor: Actor, _filters: object, _page: Page) -> tuple[list[BotOut], str | None]:
    return [_out(bot) for bot in await bots.list_bots(session, actor)], None


add_list(router, "", BotOut, _fetch, actor=StaffActor, title="Bots")


@router.post("", status_code=201)
async def post_bot(request: Request, body: BotIn, actor: StaffActor) -> BotOut:
    """Connect a bot by the token that @BotFather gave; the running bot role connects it within seconds."""
    app = app_of(request)
    actor.require(Permission.BOTS_EDIT)
    known = app.get(i18n.Texts).locales
    unknown = sorted({body.default_locale, *body.locales} - set(known))
    if unknown:
        raise Invalid("channels.locale_unknown", f"There are texts in {', '.join(known)}", unknown=unknown)
    described = await app.get(BotConnector).describe(body.token)
    async with app.get(Database).transaction() as session:
        bot_id = await bots.add_bot(
            session, app.get(Vault), actor, body.token, described, default_locale=body.default_locale,
            locales=body.locales, plans=body.plans, models=body.models,
        )  # fmt: skip
        await audit.record(session, actor, "bot.added", "bot", bot_id, after={"username": described[1]})
        await jobs.enqueue(session, "channels.connect_bots", key="connect-bots")
        found = await bots.list_bots(session, actor)
    return _out(next(bot for bot in found if bot.id == bot_id))


@router.delete("/{bot_id}", status_code=204)
async def delete_bot(
    request: Request, bot_id: UUID, actor: StaffActor, session: Tx, reason: str = Query(min_length=1, max_length=500)
) -> None:
    """Disconnect a bot and forget its token; its chats and messages stay as history."""
    username = await bots.remove_bot(session, actor, bot_id)
    await audit.record(session, actor, "bot.removed", "bot", bot_id, before={"username": username}, reason=reason)
    app_of(request).get(bots.Bots).forget()


@router.put("/{bot_id}")
async def change_bot(request: Request, bot_id: UUID, body: BotChange, actor: StaffActor, session: Tx) -> BotOut:
    """Change a bot's languages, plans and models."""
    changed = await bots.change_bot(session, actor, bot_id, **body.model_dump(exclude_unset=True))
    await audit.record(session, actor, "bot.changed", "bot", bot_id, after=body.model_dump(exclude_unset=True))
    app_of(request).get(bots.Bots).forget()
    return _out(changed)


class TextOut(BaseModel):
    """A text of a bot: the default, the owner's own when there is one, and the facts it may use."""

    key: str
    default: str
    own: str | None
    facts: list[str]


class Preview(BaseModel):
    """A text as a customer would read it, or as it was saved."""

    text: str


class TextIn(BaseModel):
    """A text as the owner wants it (Fluent, Markdown), and facts for a preview."""

    text: str = Field(max_length=4000)
    facts: dict[str, str | int] = Field(default_factory=dict)


@router.get("/{bot_id}/texts")
async def list_texts(
    request: Request, bot_id: UUID, actor: StaffActor, session: Tx, locale: str = Query("ru", max_length=8)
) -> ListOut[TextOut]:
    """Every text of a bot in a language: the default, the owner's own, and the facts it may use."""
    await _own_bot(session, actor, bot_id)
    texts = app_of(request).get(i18n.Texts)
    own = await i18n.load_overrides(session, bot_id)
    items = [
        TextOut(key=key, default=texts.source(key, locale), own=own.get(f"{locale}/{key}"),
                facts=sorted(texts.variables(key, locale)))
        for key in texts.keys(locale)
    ]  # fmt: skip
    return ListOut(items=items, next_cursor=None)


@router.post("/{bot_id}/texts/{locale}/{key}/preview")
async def preview_text(
    request: Request, bot_id: UUID, locale: str, key: str, body: TextIn, actor: StaffActor, session: Tx
) -> Preview:
    """How a text would read, checked but not saved."""
    await _own_bot(session, actor, bot_id)
    return Preview(text=app_of(request).get(i18n.Texts).preview(key, locale, body.text, body.facts))


@router.put("/{bot_id}/texts/{locale}/{key}")
async def save_text(
    request: Request, bot_id: UUID, locale: str, key: str, body: TextIn, actor: StaffActor, session: Tx
) -> Preview:
    """Use the owner's version of a text from now on."""
    await _own_bot(session, actor, bot_id)
    app = app_of(request)
    before = (await i18n.load_overrides(session, bot_id)).get(f"{locale}/{key}")
    await audit.record(
        session, actor, "text.changed", "bot", bot_id, before={"key": key, "locale": locale, "text": before},
        after={"key": key, "locale": locale, "text": body.text},
    )  # fmt: skip
    await i18n.save_override(session, app.get(i18n.Texts), actor.organization_id, bot_id, locale, key, body.text)
    app.get(bots.Bots).forget()
    return Preview(text=body.text)


@router.delete("/{bot_id}/texts/{locale}/{key}", status_code=204)
async def reset_text(request: Request, bot_id: UUID, locale: str, key: str, actor: StaffActor, session: Tx) -> None:
    """Go back to the default text."""
    await _own_bot(session, actor, bot_id)
    before = (await i18n.load_overrides(session, bot_id)).get(f"{locale}/{key}")
    await i18n.reset_override(session, actor.organization_id, bot_id, locale, key)
    facts = {"key": key, "locale": locale, "text": before}
    await audit.record(session, actor, "text.reset", "bot", bot_id, before=facts)
    app_of(request).get(bots.Bots).forget()


async def _own_bot(session: AsyncSession, actor: Actor, bot_id: UUID) -> None:
    actor.require(Permission.TEXTS_EDIT)
    if bot_id not in {bot.id for bot in await bots.list_bots(session, actor)}:
        raise NotFound("channels.bot_not_found", "No such bot")


def _out(bot: bots.BotInfo) -> BotOut:
    return BotOut(
        id=bot.id, kind=bot.kind, telegram_id=bot.telegram_id, username=bot.username, name=bot.name,
        default_locale=bot.default_locale, locales=list(bot.locales),
        plans=list(bot.plans) if bot.plans is not None else None,
        models=list(bot.models) if bot.models is not None else None,
        enabled=bot.enabled, is_connected=bot.connected_at is not None, problem=bot.problem,
    )  # fmt: skip
