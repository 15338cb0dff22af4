"""The sandbox's two demo bots: one installation, two businesses with plans, texts and languages of their own."""

from uuid import UUID

import structlog

from kassa.adapters.http_calls import post_json
from kassa.core import access, channels, identity
from kassa.kit.app import App
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.errors import AppError
from kassa.runtime.settings import Settings

logger = structlog.get_logger(__name__)

BOTS = (
    {
        "token": "7000000001:sandbox-demo-bot-neuro-ru-0000000001", "name": "Нейросети", "username": "neuro_demo_bot",
        "default_locale": "ru", "locales": ["ru", "en"], "plans": None, "models": None,
    },
    {
        "token": "7000000002:sandbox-demo-bot-tokens-en-000000002", "name": "AI Tokens", "username": "tokens_demo_bot",
        "default_locale": "en", "locales": ["en"], "plans": ["eternal-150k", "eternal-500k", "unlimited-1d"],
        "models": ["chatgpt-4-omni", "claude-sonnet"],
    },
)  # fmt: skip
PEOPLE = (
    {"first_name": "Анна", "last_name": "Смирнова", "username": "anna", "language_code": "ru", "has_photo": True},
    {"first_name": "John", "last_name": "Miller", "username": "john", "language_code": "en"},
)


async def seed_demo(app: App) -> None:
    """Make two people and two bots in our own sandbox, when there is no bot yet. Nothing in any other case."""
    settings, database = app.get(Settings), app.get(Database)
    if not settings.is_sandbox or settings.telegram_api_url:
        return
    async with database.transaction() as session:
        organization = await identity.default_organization(session)
        actor = access.system_actor(organization.id)
        if await channels.list_bots(session, actor, channels.BotKind.TELEGRAM):
            return
    try:
        await _make_people_and_bots(settings.sandbox_base)
        for bot in BOTS:
            described = await app.get(channels.BotConnector).describe(str(bot["token"]))
            async with database.transaction() as session:
                bot_id = await channels.add_bot(
                    session, app.get(Vault), actor, str(bot["token"]), described,
                    default_locale=str(bot["default_locale"]), locales=_list(bot["locales"]) or [],
                    plans=_list(bot["plans"]), models=_list(bot["models"]),
                )  # fmt: skip
            await _name_the_app(app, str(bot["username"]), bot_id)
    except AppError as error:
        logger.warning("demo_not_seeded", error=repr(error))
        return
    await channels.connect_bots(app)


async def _make_people_and_bots(sandbox: str) -> None:
    for person in PEOPLE:
        await post_json(f"{sandbox}/api/people", person)
    for bot in BOTS:
        await post_json(f"{sandbox}/api/bots", {key: bot[key] for key in ("token", "name", "username")})


async def _name_the_app(app: App, username: str, bot_id: UUID) -> None:
    """What owners tell @BotFather: where the bot's app is, so that links lead to it."""
    address = app.get(channels.CustomerApp).address("/", bot_id)
    if app.get(channels.CustomerApp).is_mini_app:
        body = {"main_app": address, "apps": {"app": address}}
        await post_json(f"{app.get(Settings).sandbox_base}/api/bots/{username}", body, "PATCH")


def _list(value: object) -> list[str] | None:
    return [str(item) for item in value] if isinstance(value, list) else None
