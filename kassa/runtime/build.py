"""Settings → adapters → App: the only place that knows which adapter fulfils which port."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp

from kassa.adapters.ai import make_drivers, text_drivers
from kassa.adapters.antivirus import Clamd
from kassa.adapters.downloads import HttpDownloads
from kassa.adapters.guarded_http import guarded_session
from kassa.adapters.mail import SmtpMailer
from kassa.adapters.payments.yookassa import TRUSTED_NETWORKS, YooKassa
from kassa.adapters.storage import open_storage
from kassa.adapters.telegram import SendLimiter, TelegramMessenger
from kassa.core import access, ai, billing, channels, files, i18n, identity, live, policies
from kassa.kit import failpoints
from kassa.kit.app import App
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.events import Subscriptions
from kassa.kit.module import Module
from kassa.kit.outgoing import Outgoing
from kassa.kit.personal import Holders
from kassa.products import admin_bot, ai_access
from kassa.runtime import facts, levels, supervision
from kassa.runtime.modules import MODULES
from kassa.runtime.settings import AI_PROVIDERS, Settings

LOOPBACK = ("127.0.0.0/8", "::1/128")


@asynccontextmanager
async def build(settings: Settings, database_url: str, modules: Sequence[Module] = MODULES) -> AsyncIterator[App]:
    """The App of this process; everything it opened is closed at the end of the block."""
    failpoints.arm(settings.failpoint if settings.is_sandbox else "")
    app = App()
    subscriptions = _plug(app, modules, settings.default_locale)
    user = levels.load_user(settings.config_dir) or levels.UserConfig()
    customer_levels = levels.load_levels(settings.config_dir)
    database = Database(
        database_url, pool_size=settings.database_pool_size, session_info={Subscriptions.KEY: subscriptions}
    )
    vault = Vault(settings.secret_keys)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        http = await stack.enter_async_context(_http_session())
        storage = open_storage(settings.s3_url, settings.data_dir / "storage")
        customer_app = channels.CustomerApp(
            settings.base_url, is_mini_app=settings.opens_mini_apps, oauth_url=settings.telegram_oauth_url
        )
        limiter = SendLimiter(settings.telegram_send_rate)
        messenger = TelegramMessenger(settings.telegram_url, limiter, storage, customer_app)
        stack.push_async_callback(messenger.close)
        app.put(Settings, settings)
        app.put(Database, database)
        app.put(Vault, vault)
        counters = _redis(settings.redis_url, stack) if settings.redis_url else None
        engine = policies.Policies(database, facts.Facts(database, customer_levels), counters)
        app.put(policies.Policies, engine)
        app.put(channels.Admission, channels.Admission(database, engine))
        app.put(channels.Bots, channels.Bots(database, vault))
        app.put(channels.BotConnector, messenger)
        app.put(channels.CustomerApp, customer_app)
        web = channels.WebMessenger(database, settings.base_url)
        app.put(channels.Messengers, channels.Messengers(messenger, web))
        app.put(channels.Transport, channels.Transport(settings.is_webhook, settings.base_url))
        live.put(app, [kind for module in modules for kind in module.streams])
        app.put(access.TokenSigner, access.TokenSigner(tuple(settings.secret_keys)))
        app.put(identity.Site, identity.Site(settings.base_url))
        app.put(
            identity.Mailer,
            SmtpMailer(lambda: settings.mail_url, f"Kassa <no-reply@{urlsplit(settings.base_url).hostname}>"),
        )
        app.put(billing.Levels, levels.as_levels(customer_levels))
        app.put(billing.Providers, _providers(settings, http))
        pool = ai.KeyPool(database, vault)
        app.put(ai.KeyPool, pool)
        outgoing = Outgoing.of(settings.may_call_private, [settings.ai_endpoint(name)[0] for name in AI_PROVIDERS])
        app.put(Outgoing, outgoing)
        typed = await stack.enter_async_context(guarded_session(outgoing))
        _put_files(app, settings, storage, typed)
        app.put(ai.Gateway, ai.Gateway(database, pool, text_drivers(typed), make_drivers(typed)))
        app.put(ai.TextCache, ai.TextCache(database))
        app.put(ai_access.Defaults, ai_access.Defaults(user.default_model, user.has_history))
        app.put(admin_bot.Operations, supervision.Supervision(app))
        yield app


def _redis(url: str, stack: AsyncExitStack) -> policies.Counters:
    """Counters in Redis. Its client takes a tenth of a second to load, and most installations have none."""
    from kassa.adapters.counters_redis import RedisCounters  # noqa: PLC0415 - see above

    counters = RedisCounters(url)
    stack.push_async_callback(counters.close)
    return counters


def _put_files(app: App, settings: Settings, storage: files.Storage, http: aiohttp.ClientSession) -> None:
    """Where files lie, who looks at them, and how they are reached and fetched."""
    app.put(files.Storage, storage)
    app.put(files.Scanner, Clamd(settings.clamd_url))
    app.put(files.Links, files.Links(tuple(settings.secret_keys)))
    app.put(files.Downloads, HttpDownloads(http))


def _plug(app: App, modules: Sequence[Module], default_locale: str) -> Subscriptions:
    """Gather what the modules declare: texts, handlers, parts of a person's data; and which job an event wakes."""
    subscriptions, texts = Subscriptions(), i18n.Texts(default_locale)
    conversation, holders = channels.Conversation(), Holders()
    for module in modules:
        if module.texts is not None:
            texts.add_folder(module.texts)
        if module.personal is not None:
            holders.add(module.name, module.personal)
        for handlers in module.handlers:
            conversation.add(handlers)
        for event, job in module.subscriptions:
            subscriptions.add(event, job)
    app.put(i18n.Texts, texts)
    app.put(channels.Conversation, conversation)
    app.put(Holders, holders)
    return subscriptions


async def seed(app: App) -> None:
    """What every installation has from the start: the organization, its plans, its models, its owner. Idempotent."""
    settings, database = app.get(Settings), app.get(Database)
    async with database.transaction() as session:
        default = await identity.default_organization(session)
        organizations = await identity.list_organizations(session)
    for organization in organizations:
        await seed_organization(app, organization.id)
    if settings.owner_email and settings.owner_password:
        async with database.transaction() as session:
            await identity.ensure_owner(session, default.id, settings.owner_email, settings.owner_password)


async def seed_organization(app: App, organization_id: UUID) -> None:
    """The plans and models that an organization does not have yet; what its owner changed stays."""
    settings = app.get(Settings)
    found = {name: settings.ai_endpoint(name) for name in AI_PROVIDERS}
    seeds = [ai.EndpointSeed(name, *endpoint) for name, endpoint in found.items() if any(endpoint)]
    async with app.get(Database).transaction() as session:
        await billing.seed_plans(session, organization_id)
        await ai.seed_catalogue(session, organization_id, ai.load_catalogue())
        await ai.seed_endpoints(session, organization_id, app.get(Vault), seeds)


def _providers(settings: Settings, http: aiohttp.ClientSession) -> billing.Providers:
    """The payment providers that are set up. Adding one is one line here."""
    by_name: dict[str, billing.PaymentProvider] = {}
    shop, secret = settings.yookassa_shop_id, settings.yookassa_secret_key
    if settings.is_sandbox:
        shop, secret = shop or "100500", secret or "sandbox-secret"
    if shop and secret:
        trusted = settings.yookassa_trusted_ips or (LOOPBACK if settings.is_sandbox else TRUSTED_NETWORKS)
        by_name["yookassa"] = YooKassa(
            http, shop_id=shop, secret_key=secret, base_url=settings.yookassa_url, trusted_networks=trusted
        )
    return billing.Providers(by_name, accept_test=settings.is_sandbox, return_url=settings.base_url)


@asynccontextmanager
async def _http_session() -> AsyncIterator[aiohttp.ClientSession]:
    """One connection pool for everything outside but Telegram, whose client brings its own."""
    connector = aiohttp.TCPConnector(limit=500, limit_per_host=200, keepalive_timeout=30)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=True) as session:
        yield session
