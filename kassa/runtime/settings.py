"""Every setting, read once: environment and .env, prefix KASSA_. What is wrong is told by key, value and rule."""

import difflib
import os
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.functional_validators import BeforeValidator

from kassa.kit.errors import Invalid

PREFIX = "KASSA_"
IGNORED = ("KASSA_TEST_", "KASSA_SPECS_DIR", "KASSA_BENCH_")
"""What tests and measurements put into the environment; not settings of the product."""

AI_PROVIDERS = (
    "openai", "anthropic", "gemini", "deepseek", "perplexity", "stability", "recraft", "luma", "kling", "minimax",
    "suno", "midjourney", "removebg", "fal", "replicate", "kie",
)  # fmt: skip
SANDBOX_AI_PATHS = {
    "openai": "/openai/v1", "anthropic": "/anthropic", "gemini": "/gemini", "deepseek": "/deepseek",
    "perplexity": "/perplexity",
}  # fmt: skip


LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


class Mode(StrEnum):
    """Sandbox: emulators, test payments, generated secrets. Production: nothing of that."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Transport(StrEnum):
    """How Telegram's updates come."""

    WEBHOOK = "webhook"
    POLLING = "polling"


def _comma_list(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


CommaList = Annotated[list[str], BeforeValidator(_comma_list)]
Url = Annotated[str, Field(pattern=r"^(https?://[^\s]+)?$")]


class Settings(BaseModel):
    """What an operator decides before the start; what changes daily lives in the database."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Mode = Mode.SANDBOX
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: Url = ""
    database_url: str = Field(default="", pattern=r"^(postgres(ql)?(\+asyncpg)?://.*)?$")
    database_replica_url: str = Field(default="", pattern=r"^(postgres(ql)?(\+asyncpg)?://.*)?$")
    database_pool_size: int = Field(default=10, ge=2, le=200)
    redis_url: str = Field(default="", pattern=r"^(rediss?://.*)?$")
    data_dir: Path = Path("data")
    config_dir: Path = Path("config")
    secret_keys: CommaList = Field(default=[], repr=False)
    owner_email: str = ""
    owner_password: str = Field(default="", repr=False)
    trusted_proxies: CommaList = ["127.0.0.1"]
    supported_locales: CommaList = ["ru", "en"]
    default_locale: str = "ru"

    widget_origins: CommaList = []
    """Sites whose pages may show the chat widget, as https://shop.example; * for all."""

    alert_chats: Annotated[list[int], BeforeValidator(_comma_list)] = []
    """Telegram chats (people or groups that know the first bot) that are told about errors."""

    telegram_api_url: Url = ""
    telegram_transport: Transport | None = None
    telegram_send_rate: float = Field(default=1.0, ge=0, le=100)
    """Times Telegram's own limits; 0 sends as fast as it can, for an own Bot API server or load tests."""

    yookassa_api_url: Url = ""
    yookassa_shop_id: str = ""
    yookassa_secret_key: str = Field(default="", repr=False)
    yookassa_trusted_ips: CommaList = []

    paddle_api_url: Url = ""
    paddle_api_key: str = Field(default="", repr=False)
    paddle_webhook_secret: str = Field(default="", repr=False)
    paddle_client_token: str = Field(default="", repr=False)
    ton_api_url: Url = ""
    ton_api_kind: str = Field(default="", pattern="^(tonapi|toncenter)?$")
    ton_api_key: str = Field(default="", repr=False)
    ton_wallet: str = ""

    ai_urls: dict[str, Url] = {}
    ai_keys: dict[str, str] = Field(default={}, repr=False)
    allow_private_endpoints: bool | None = None
    """Whether staff may add AI endpoints in private networks; when not said, in sandbox mode only."""

    s3_url: str = Field(default="", repr=False)
    clamd_url: str = ""
    smtp_url: str = Field(default="", pattern=r"^(smtps?://.+)?$", repr=False)
    sentry_dsn: str = Field(default="", repr=False)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    log_dir: Path | None = None
    jobs_concurrency: int = Field(default=100, ge=2, le=2000)
    jobs_heartbeat_s: float = Field(default=10.0, ge=1, le=300)
    sandbox_url: Url = ""
    """Where the sandbox is served when another process serves it; this one then does not."""
    failpoint: str = ""

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @property
    def is_sandbox(self) -> bool:
        """Whether emulators and test payments are allowed."""
        return self.mode is Mode.SANDBOX

    @property
    def base_url(self) -> str:
        """Where people reach this installation."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - compared, not bound
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def sandbox_base(self) -> str:
        """Where the sandbox is."""
        return self.sandbox_url.rstrip("/") or f"{self.base_url}/sandbox"

    @property
    def serves_sandbox(self) -> bool:
        """Whether this process's API role serves the sandbox."""
        return self.is_sandbox and not self.sandbox_url

    @property
    def telegram_url(self) -> str:
        """The Bot API's address."""
        default = f"{self.sandbox_base}/telegram" if self.is_sandbox else "https://api.telegram.org"
        return self.telegram_api_url or default

    @property
    def opens_mini_apps(self) -> bool:
        """Whether Telegram opens our pages inside itself: by https, and in our own sandbox on this machine."""
        is_local = self.is_sandbox and not self.telegram_api_url and urlsplit(self.base_url).hostname in LOCAL_HOSTS
        return is_local or self.base_url.startswith("https://")

    @property
    def telegram_oauth_url(self) -> str:
        """Where people sign in to sites with Telegram: the sandbox's people in the sandbox, else Telegram's."""
        is_ours = self.is_sandbox and not self.telegram_api_url
        return f"{self.sandbox_base}/oauth" if is_ours else "https://oauth.telegram.org"

    @property
    def is_webhook(self) -> bool:
        """Webhooks where Telegram can reach us; polling elsewhere."""
        if self.telegram_transport is not None:
            return self.telegram_transport is Transport.WEBHOOK
        return not self.is_sandbox and self.public_url.startswith("https://")

    @property
    def yookassa_url(self) -> str:
        """YooKassa's address."""
        default = f"{self.sandbox_base}/yookassa/v3" if self.is_sandbox else "https://api.yookassa.ru/v3"
        return self.yookassa_api_url or default

    @property
    def mail_url(self) -> str:
        """The mail server; empty when there is none. The sandbox's takes a free port and writes it down."""
        if self.smtp_url or not self.is_sandbox:
            return self.smtp_url
        port = self.data_dir / "sandbox" / "smtp-port"
        return f"smtp://127.0.0.1:{port.read_text().strip()}" if port.exists() else ""

    @property
    def may_call_private(self) -> bool:
        """Whether addresses that staff type may lead into private networks."""
        return self.is_sandbox if self.allow_private_endpoints is None else self.allow_private_endpoints

    def ai_endpoint(self, provider: str) -> tuple[str, str]:
        """A provider's address and key as the settings seed them; empty where they say nothing."""
        url, key = self.ai_urls.get(provider, ""), self.ai_keys.get(provider, "")
        if self.is_sandbox and provider in SANDBOX_AI_PATHS:
            url = url or self.sandbox_base + SANDBOX_AI_PATHS[provider]
            key = key or "sandbox"
        return url, key


class ConfigError(Invalid):
    """A setting is wrong; the message names the key, the value and what is allowed."""


def load(environment: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """The settings of this process. Raises ConfigError `settings.invalid` or `settings.unknown`."""
    values = _from_file(env_file) if env_file is not None else {}
    values |= dict(os.environ if environment is None else environment)
    given: dict[str, Any] = {"ai_urls": {}, "ai_keys": {}}
    for name, value in values.items():
        if not name.startswith(PREFIX) or name.startswith(IGNORED) or value == "":
            continue
        _place(given, name, value)
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        shown = "(hidden)" if _is_secret(key) else repr(first["input"])
        raise ConfigError("settings.invalid", f"{key}={shown}: {first['msg']}", key=key) from error
    _require_production(settings)
    return settings


def known_keys() -> list[str]:
    """Every key that an operator may set."""
    plain = [name for name in Settings.model_fields if name not in ("ai_urls", "ai_keys")]
    ai = [f"{provider}_{what}" for provider in AI_PROVIDERS for what in ("api_url", "api_key")]
    return sorted(PREFIX + name.upper() for name in plain + ai)


def with_generated_secrets(settings: Settings) -> Settings:
    """In sandbox mode, the secrets that were not given: made once and kept beside the data, readable by us alone."""
    if not settings.is_sandbox:
        return settings
    changes: dict[str, Any] = {}
    if not settings.secret_keys:
        changes["secret_keys"] = [_kept(settings.data_dir / "secret-key", lambda: secrets.token_urlsafe(32))]
    if not settings.owner_email:
        changes["owner_email"] = "owner@example.com"
    if not settings.owner_password:
        changes["owner_password"] = _kept(settings.data_dir / "owner-password", lambda: secrets.token_urlsafe(9))
    return settings.model_copy(update=changes)


def _kept(path: Path, make: Any) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
    except FileExistsError:
        pass
    return path.read_text().strip()


def _place(given: dict[str, Any], name: str, value: str) -> None:
    field = name.removeprefix(PREFIX).lower()
    provider, _, what = field.partition("_api_")
    if provider in AI_PROVIDERS and what in ("url", "key"):
        given["ai_urls" if what == "url" else "ai_keys"][provider] = value
    elif field in Settings.model_fields and field not in ("ai_urls", "ai_keys"):
        given[field] = value
    else:
        near = difflib.get_close_matches(name, known_keys(), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError("settings.unknown", f"{name}: there is no such setting{hint}", key=name)


def _from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        return {name: value or "" for name, value in dotenv_values(path, encoding="utf-8").items()}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("settings.file_unreadable", f"{path}: {error}", key=str(path)) from error


def _require_production(settings: Settings) -> None:
    """No secret has a usable default outside sandbox mode (RUN-5)."""
    if settings.is_sandbox:
        return
    for key in ("secret_keys", "public_url"):
        if not getattr(settings, key):
            name = PREFIX + key.upper()
            raise ConfigError("settings.missing", f"{name}: has to be set in production mode", key=name)
    if settings.failpoint or settings.sandbox_url:
        raise ConfigError("settings.invalid", "KASSA_FAILPOINT and KASSA_SANDBOX_URL are for sandbox mode only",
                          key="KASSA_FAILPOINT")  # fmt: skip


def _is_secret(key: str) -> bool:
    return any(word in key for word in ("SECRET", "PASSWORD", "KEY", "TOKEN", "DSN", "DATABASE_URL", "SMTP", "S3"))
