"""People and bots."""

import secrets

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from kassa.sandbox.telegram.app import known_bot
from kassa.sandbox.telegram.errors import Json
from kassa.sandbox.telegram.init_data import query_id, web_app_user
from kassa.sandbox.telegram.keyboards import check_app_url
from kassa.sandbox.telegram.photos import picture
from kassa.sandbox.telegram.state import Person

from .shapes import Emu, bot_or_404, bot_shape, person_or_404, person_shape, photo_url

_COLORS = ("#e17076", "#eda86c", "#a695e7", "#7bc862", "#6ec9cb", "#65aadd", "#ee7aae")


class NewPerson(BaseModel):
    """A person to create; `count` makes several like it, for load tests."""

    id: int | None = Field(None, gt=0)
    first_name: str = Field(min_length=1, max_length=64)
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    color: str = ""
    is_premium: bool = False
    stars: int = 1000
    has_photo: bool = False
    count: int = Field(1, ge=1, le=10_000)


class PersonChange(BaseModel):
    """What to change about a person."""

    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    color: str | None = None
    is_premium: bool | None = None
    is_deactivated: bool | None = None
    stars: int | None = None
    has_photo: bool | None = None


class NewBot(BaseModel):
    """A bot to create; without a token one is made up."""

    name: str = Field(min_length=1, max_length=64)
    username: str = ""
    token: str = ""


class BotChange(BaseModel):
    """What to change about a bot, as its owner does with @BotFather; `apps` are addresses by short name."""

    name: str | None = None
    privacy: bool | None = None
    main_app: str | None = None
    apps: dict[str, str] | None = None


class InitDataRequest(BaseModel):
    """For whom to sign initData."""

    bot: int | str
    person: int
    start_param: str = ""


routes = APIRouter()


@routes.get("/people")
async def list_people(emulator: Emu) -> list[Json]:
    return [person_shape(person) for person in emulator.world.people.values()]


@routes.post("/people", status_code=201)
async def create_person(emulator: Emu, new: NewPerson) -> Json:
    if new.id is not None and (new.id in emulator.world.people or new.id in emulator.world.bots):
        raise HTTPException(409, "this id is taken")
    facts = new.model_dump(exclude={"id", "first_name", "count"})
    made: list[Person] = []
    for number in range(new.count):
        color = new.color or _COLORS[(len(emulator.world.people)) % len(_COLORS)]
        person_id = new.id + number if new.id is not None else None
        made.append(emulator.world.add_person(new.first_name, person_id=person_id, **{**facts, "color": color}))
    emulator.hub.publish("people")
    return {**person_shape(made[0]), "ids": [person.id for person in made]}


@routes.patch("/people/{person_id}")
async def change_person(emulator: Emu, person_id: int, change: PersonChange) -> Json:
    person = person_or_404(emulator, person_id)
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(person, name, value)
    emulator.world.save(person)
    emulator.hub.publish("people")
    return person_shape(person)


@routes.get("/people/{person_id}/photo.jpg")
async def photo(emulator: Emu, person_id: int) -> Response:
    person = person_or_404(emulator, person_id)
    if not person.has_photo:
        raise HTTPException(404, "this person has no picture")
    headers = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
    return Response(picture(person), media_type="image/jpeg", headers=headers)


@routes.get("/bots")
async def list_bots(emulator: Emu) -> list[Json]:
    return [bot_shape(emulator, bot) for bot in emulator.world.bots.values()]


@routes.get("/bots/{bot}")
async def one_bot(emulator: Emu, bot: str) -> Json:
    return bot_shape(emulator, bot_or_404(emulator, bot))


@routes.post("/bots", status_code=201)
async def create_bot(emulator: Emu, new: NewBot) -> Json:
    username = new.username.lstrip("@")
    if username and emulator.world.bot_by_username(username):
        raise HTTPException(409, "this username is taken")
    number = max((*emulator.world.bots, 7_000_000_000)) + 1
    token = new.token or f"{number}:{secrets.token_urlsafe(26)[:35]}"
    bot = known_bot(emulator, token)
    if bot is None:
        raise HTTPException(422, "the token is malformed, or its number belongs to another bot")
    bot.name, bot.username = new.name, username or bot.username
    emulator.world.save(bot)
    emulator.hub.publish("bot", bot=bot.id)
    return bot_shape(emulator, bot)


@routes.patch("/bots/{bot}")
async def change_bot(emulator: Emu, bot: str, change: BotChange) -> Json:
    found = bot_or_404(emulator, bot)
    for address in (change.main_app, *(change.apps or {}).values()):
        if address:
            check_app_url(address, "Web App URL")
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(found, name, value)
    emulator.world.save(found)
    emulator.hub.publish("bot", bot=found.id)
    return bot_shape(emulator, found)


@routes.post("/init-data")
async def sign_init_data(request: Request, emulator: Emu, wanted: InitDataRequest) -> Json:
    bot, person = bot_or_404(emulator, wanted.bot), person_or_404(emulator, wanted.person)
    user = web_app_user(person, photo_url(request, person), may_write=True)
    extra = {"query_id": query_id()} | ({"start_param": wanted.start_param} if wanted.start_param else {})
    return {"init_data": emulator.signer.init_data(bot, user, extra)}
