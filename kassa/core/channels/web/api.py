"""The chat over REST (CHN-4): who one talks to, what was said, and what a page sends. Events come by the WebSocket."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access, i18n, identity, live
from kassa.core.access import Actor, CustomerActor, TokensOut, Visitor
from kassa.core.channels.bots import Bots
from kassa.core.channels.conversation import Conversation
from kassa.core.channels.types import BotProfile, web_chat_of
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import NotFound
from kassa.kit.web import ERRORS, Tx, app_of

from . import attachments, history, posts
from .chats import stream_of
from .posts import ClientId, PressButton, RowId, Say, StopAnswer
from .sites import site_of

router = APIRouter(prefix="/api/v1", tags=["chat"], responses=ERRORS)

BotQuery = Annotated[UUID | None, Query(description="A bot of the organization; its site when left out")]


class GuestIn(BaseModel):
    """Which bot a visitor wants to talk to, and in which language."""

    bot: UUID | None = Field(None, description="A bot; the site of the organization when left out")
    organization: str | None = Field(None, max_length=80, description="The organization's short name")
    language: str = Field("", max_length=16, pattern="^[A-Za-z0-9-]*$", description="The browser's language")


@router.post("/auth/guest", status_code=201, tags=["auth"])
async def login_guest(request: Request, body: GuestIn, session: Tx) -> TokensOut:
    """Let a visitor of a page in, as a customer of whom nothing is known."""
    app = app_of(request)
    bot = await _bot(app, session, None, body.bot, body.organization)
    language = body.language.partition("-")[0].lower()
    pair, _ = await identity.login_guest(
        session, app.get(access.TokenSigner), bot.organization_id, language, access.origin_of(request)
    )
    return TokensOut.of(pair)


class ButtonOut(BaseModel):
    """A button: an action to send back, or a link."""

    text: str
    action: str
    url: str


class AttachmentOut(BaseModel):
    """A file of a message. Its addresses work for 15 minutes; `GET /files/{id}` gives new ones."""

    id: UUID
    name: str
    category: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None
    url: str | None
    thumbnail_url: str | None


class MessageOut(BaseModel):
    """A message of either side. `text` is Markdown unless the format is plain, and is not safe HTML."""

    id: int
    author: Literal["customer", "bot"]
    text: str
    format: Literal["markdown", "rich", "plain"]
    buttons: list[list[ButtonOut]]
    reply_to: int | None
    attachments: list[AttachmentOut]
    client_id: str | None
    created_at: datetime
    edited_at: datetime | None


class CommandOut(BaseModel):
    """A command and what it does."""

    name: str
    description: str


class PersonOut(BaseModel):
    """The customer, as they see themselves."""

    id: UUID
    number: int
    name: str
    is_guest: bool


class ChatOut(BaseModel):
    """Who one talks to, and what there is to say."""

    bot_id: UUID
    name: str
    locale: str
    locales: list[str]
    greeting: str
    menu: list[list[ButtonOut]]
    commands: list[CommandOut]
    customer: PersonOut | None
    stream: str | None


@router.get("/chat")
async def show_chat(
    request: Request, actor: Visitor, session: Tx, bot: BotQuery = None,
    organization: Annotated[str | None, Query(max_length=80)] = None,
    language: Annotated[str, Query(max_length=16)] = "",
) -> ChatOut:  # fmt: skip
    """Who one talks to, the menu and the commands: for everybody. `stream` is there for who has signed in."""
    app = app_of(request)
    profile = await _bot(app, session, actor, bot, organization)
    customer = None
    if actor is not None and actor.kind is access.ActorKind.CUSTOMER:
        customer = await identity.get_customer(session, actor.organization_id, actor.id)
    spoken = customer.language if customer else language.partition("-")[0].lower()
    locale = i18n.choose_locale(
        customer.locale if customer else None, spoken, list(profile.locales), profile.default_locale
    )
    texts, conversation = app.get(i18n.Texts), app.get(Conversation)

    def t(key: str) -> str:
        return texts.text(key, locale, profile.overrides)

    return ChatOut(
        bot_id=profile.id, name=profile.name, locale=locale, locales=list(profile.locales),
        greeting=t("channels-web-greeting"),
        menu=[[ButtonOut(text=b.text, action=b.action, url=b.url) for b in row] for row in conversation.menu_in(t)],
        commands=[CommandOut(name=name, description=t(f"command-{name}")) for name in conversation.commands],
        customer=PersonOut(id=customer.id, number=customer.number, name=customer.name, is_guest=customer.is_guest)
        if customer
        else None,
        stream=stream_of(profile.id, web_chat_of(customer.number)) if customer else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnChat:
    """The caller's chat with a bot."""

    app: App
    bot: BotProfile
    chat_id: int
    customer_id: UUID


async def _own_chat(request: Request, actor: CustomerActor, session: Tx, bot: BotQuery = None) -> OwnChat:
    app = app_of(request)
    profile = await _bot(app, session, actor, bot, None)
    customer = await identity.get_customer(session, actor.organization_id, actor.id)
    return OwnChat(app, profile, web_chat_of(customer.number), customer.id)


WebChat = Annotated[OwnChat, Depends(_own_chat)]
"""The caller's chat on the web, with the site or with the bot that `?bot=` names."""


class MessagesOut(BaseModel):
    """A page of messages, the newest first. Events of the stream after `position` are newer than this page."""

    items: list[MessageOut]
    next_cursor: str | None
    stream: str
    position: int


@router.get("/chat/messages")
async def list_messages(
    chat: WebChat, session: Tx, before: Annotated[RowId | None, Query(description="`next_cursor` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> MessagesOut:  # fmt: skip
    """What was said, by both sides."""
    stream = stream_of(chat.bot.id, chat.chat_id)
    position = await live.position(session, stream)
    found = await history.list_messages(session, chat.bot.id, chat.chat_id, before, limit + 1)
    items = [MessageOut.model_validate(attachments.freshen(chat.app, message)) for message in found[:limit]]
    return MessagesOut(
        items=items, next_cursor=str(items[-1].id) if len(found) > limit else None, stream=stream, position=position
    )


class SayIn(Say):
    """A message, and the page's own id of it."""

    client_id: ClientId


class PressIn(PressButton):
    """A pressed button, and the page's own id of the press."""

    client_id: ClientId


class StopIn(StopAnswer):
    """A stop, and the page's own id of it."""

    client_id: ClientId | None = None


class TakenOut(BaseModel):
    """It is stored, and will be answered by events."""

    press_id: str


@router.post("/chat/messages", status_code=201, responses={200: {"description": "It was sent before"}})
async def send_message(chat: WebChat, body: SayIn, response: Response) -> MessageOut:
    """Write to the bot. The same `client_id` sent again answers the message that there is."""
    is_new, _, message = await _accept(chat, body, body.client_id)
    response.status_code = 201 if is_new else 200
    if message is None:
        raise NotFound("channels.message_not_found", "This client_id was used for something else")
    return MessageOut.model_validate(message)


@router.post("/chat/press", status_code=202)
async def press_button(chat: WebChat, body: PressIn) -> TakenOut:
    """Press a button of a message, or of the menu."""
    _, number, _ = await _accept(chat, body, body.client_id)
    return TakenOut(press_id=f"web-{number}")


@router.post("/chat/stop", status_code=202)
async def stop_answer(chat: WebChat, body: StopIn) -> TakenOut:
    """Stop an answer that is being written."""
    _, number, _ = await _accept(chat, body, body.client_id or f"stop-{body.draft_id}")
    return TakenOut(press_id=f"web-{number}")


async def _accept(chat: OwnChat, post: posts.Post, client_id: str) -> tuple[bool, int, dict[str, Any] | None]:
    return await posts.accept(chat.app, chat.bot, chat.chat_id, chat.customer_id, client_id, post)


async def _bot(
    app: App, session: AsyncSession, actor: Actor | None, bot_id: UUID | None, organization: str | None
) -> BotProfile:
    """The wanted bot of the caller's organization, or its site. Raises NotFound `channels.bot_not_found`."""
    if bot_id is None:
        if actor is not None:
            place = actor.organization_id
        else:
            place = (await identity.find_organization(session, organization or identity.DEFAULT_SLUG)).id
        bot_id = await site_of(app.get(Database), place, app.get(i18n.Texts).locales)
    profile = await app.get(Bots).profile(bot_id)
    if actor is not None and profile.organization_id != actor.organization_id:
        raise NotFound("channels.bot_not_found", "No such bot, or it is switched off")
    return profile
