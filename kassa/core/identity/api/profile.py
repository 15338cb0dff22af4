"""One's own profile, password, sessions and keys over HTTP (IDN-1, IDN-8)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from kassa.core import access, audit, i18n
from kassa.core.access import Actor, ActorKind, AnyActor, CustomerActor
from kassa.core.identity import accounts, customers, organizations, people, privacy, staff
from kassa.kit.errors import Invalid
from kassa.kit.lists import ListOut
from kassa.kit.personal import Holders
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1/auth", tags=["auth"], responses=ERRORS)


class ProfileOut(BaseModel):
    """Who is signed in."""

    id: UUID
    kind: ActorKind
    number: int | None
    name: str
    email: str | None
    is_email_verified: bool
    telegram_id: int | None
    username: str
    is_guest: bool
    locale: str
    is_locale_known: bool
    """Whether the person or Telegram has told it; else it is the organization's."""
    level: str
    photo_url: str
    organization: str
    created_at: datetime


class ProfileIn(BaseModel):
    """What to change; what is left out stays."""

    name: str | None = Field(None, max_length=200)
    locale: str | None = Field(None, max_length=8)


class LocaleIn(BaseModel):
    """A language of the installation."""

    locale: str = Field(max_length=8)


class PasswordIn(BaseModel):
    """The present password and the new one."""

    old: str = Field(max_length=256)
    new: str = Field(max_length=256)


class EmailIn(BaseModel):
    """A second way in: e-mail and password."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=256)


class SessionOut(BaseModel):
    """An open sign-in."""

    id: UUID
    ip: str
    user_agent: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    is_current: bool


class KeyIn(BaseModel):
    """A new key: what it is for, what it opens (everything when empty) and until when."""

    name: str = Field(min_length=1, max_length=100)
    scopes: list[Annotated[str, Field(max_length=60)]] = Field(default=[], max_length=50)
    expires_at: AwareDatetime | None = None


class KeyOut(BaseModel):
    """A key without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


class NewKeyOut(KeyOut):
    """A new key: the only time that its secret is shown."""

    secret: str


@router.get("/profile")
@router.get("/me", name="get_me")
async def get_profile(actor: AnyActor, session: Tx) -> ProfileOut:
    """Who is signed in."""
    organization = await organizations.get_organization(session, actor.organization_id)
    if actor.kind is ActorKind.STAFF:
        own = await staff.own_account(session, actor)
        return ProfileOut(
            id=own.id, kind=actor.kind, number=None, name=own.name, email=own.email, is_email_verified=True,
            telegram_id=None, username="", is_guest=False, locale=own.locale or organization.default_locale,
            is_locale_known=bool(own.locale), level="",
            photo_url="", organization=organization.name, created_at=own.created_at,
        )  # fmt: skip
    card = await people.own_card(session, actor)
    return ProfileOut(
        id=card.id, kind=actor.kind, number=card.number, name=card.name, email=card.email,
        is_email_verified=card.is_email_verified, telegram_id=card.telegram_id, username=card.username,
        is_guest=card.is_guest, locale=card.locale or organization.default_locale,
        is_locale_known=bool(card.locale), level=card.level,
        photo_url=card.photo_url, organization=organization.name, created_at=card.created_at,
    )  # fmt: skip


@router.put("/profile")
async def put_profile(request: Request, body: ProfileIn, actor: AnyActor, session: Tx) -> ProfileOut:
    """Change one's name and language."""
    locale = _known(request, body.locale) if body.locale is not None else None
    if actor.kind is ActorKind.STAFF:
        await staff.rename_account(session, actor, body.name, locale)
    else:
        if body.name is not None:
            await accounts.change_name(session, actor, body.name)
        if locale is not None:
            await customers.set_locale(session, actor.id, locale)
    await session.flush()
    return await get_profile(actor, session)


@router.put("/locale", status_code=204)
async def put_locale(request: Request, body: LocaleIn, actor: CustomerActor, session: Tx) -> None:
    """Choose a language, for the bot and the web alike."""
    await customers.set_locale(session, actor.id, _known(request, body.locale))


@router.put("/password", status_code=204)
async def put_password(body: PasswordIn, actor: AnyActor, session: Tx) -> None:
    """Change one's password; one's other sessions end."""
    await accounts.change_password(session, actor, body.old, body.new)


@router.post("/email", status_code=204)
async def add_email(body: EmailIn, actor: CustomerActor, session: Tx) -> None:
    """Add an e-mail and a password to an account that came by Telegram."""
    await accounts.add_email(session, actor, body.email, body.password)


@router.post("/verify/send", status_code=204)
async def resend_verification(actor: CustomerActor, session: Tx) -> None:
    """Send the link that confirms the address once more."""
    await accounts.resend_verification(session, actor)


@router.get("/sessions")
async def get_sessions(actor: AnyActor, session: Tx) -> ListOut[SessionOut]:
    """Where one is signed in."""
    found = await access.list_sessions(session, actor.id)
    items = [
        SessionOut(
            id=item.id, ip=item.ip, user_agent=item.user_agent, created_at=item.created_at, used_at=item.used_at,
            expires_at=item.expires_at, is_current=item.id == actor.session_id,
        )
        for item in found
    ]  # fmt: skip
    return ListOut(items=items, next_cursor=None)


@router.delete("/sessions/{session_id}", status_code=204)
async def delete_session(session_id: UUID, actor: AnyActor, session: Tx) -> None:
    """Sign one place out."""
    await access.close_session(session, actor.id, session_id)


@router.delete("/sessions", status_code=204)
async def delete_other_sessions(actor: AnyActor, session: Tx) -> None:
    """Sign every other place out."""
    await access.close_sessions(session, actor.id, keep=actor.session_id)


@router.get("/keys")
async def get_keys(actor: AnyActor, session: Tx) -> ListOut[KeyOut]:
    """One's API keys."""
    return ListOut(items=[_key(key) for key in await access.list_keys(session, actor.id)], next_cursor=None)


@router.post("/keys", status_code=201)
async def post_key(body: KeyIn, actor: AnyActor, session: Tx) -> NewKeyOut:
    """Make a key; its secret is in this answer and nowhere else."""
    key, secret = await access.create_key(session, actor, body.name, body.scopes, body.expires_at)
    await _record(session, actor, "key.created", key)
    return NewKeyOut(**_key(key).model_dump(), secret=secret)


@router.delete("/keys/{key_id}", status_code=204)
async def delete_key(key_id: UUID, actor: AnyActor, session: Tx) -> None:
    """Revoke a key at once."""
    await _record(session, actor, "key.revoked", await access.revoke_key(session, actor, key_id))


async def _record(session: Tx, actor: Actor, action: str, key: access.ApiKey) -> None:
    if actor.kind is ActorKind.STAFF:
        facts = {"name": key.name, "prefix": key.prefix, "scopes": list(key.scopes)}
        await audit.record(session, actor, action, "key", key.id, after=facts)


def _key(key: access.ApiKey) -> KeyOut:
    return KeyOut(
        id=key.id, name=key.name, prefix=key.prefix, scopes=list(key.scopes), expires_at=key.expires_at,
        last_used_at=key.last_used_at, created_at=key.created_at,
    )  # fmt: skip


def _known(request: Request, locale: str) -> str:
    locales = app_of(request).get(i18n.Texts).locales
    if locale not in locales:
        raise Invalid("identity.locale_unknown", f"There are {', '.join(locales)}", allowed=locales)
    return locale


@router.get("/export", response_class=Response, responses={200: {"content": {"application/zip": {}}}})
async def export_own(request: Request, actor: CustomerActor, session: Tx) -> Response:
    """Everything that is kept about one, as a ZIP of JSON files."""
    data = await privacy.export_customer(session, app_of(request).get(Holders), actor, actor.id)
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/zip", headers=headers)


class ErasureIn(BaseModel):
    """The word that shows that it is meant."""

    confirm: Literal["erase"]


@router.post("/erase", status_code=204)
async def erase_own(request: Request, body: ErasureIn, actor: CustomerActor, session: Tx) -> None:
    """Be forgotten: the account is closed for good, and tokens that are left are lost."""
    await privacy.erase_customer(session, app_of(request).get(Holders), actor, actor.id)
