"""RUN-5: what is wrong with a setting or a file is told by key, value and rule."""

import json
from pathlib import Path

import pytest

from kassa.kit.errors import AppError
from kassa.runtime import levels
from kassa.runtime.doctor import effective
from kassa.runtime.settings import Settings, load, with_generated_secrets

PRODUCTION = {
    "KASSA_MODE": "production",
    "KASSA_SECRET_KEYS": "a key of sixteen and more",
    "KASSA_PUBLIC_URL": "https://kassa.example",
}


def settings(**environment: str) -> Settings:
    return load({f"KASSA_{name.upper()}": value for name, value in environment.items()}, None)


def test_sandbox_needs_nothing() -> None:
    """RUN-1: no account, no token, no network."""
    found = settings()
    assert found.is_sandbox
    assert found.telegram_url == "http://127.0.0.1:8000/sandbox/telegram"
    assert found.yookassa_url == "http://127.0.0.1:8000/sandbox/yookassa/v3"
    assert found.ai_endpoint("openai") == ("http://127.0.0.1:8000/sandbox/openai/v1", "sandbox")
    assert not found.is_webhook


def test_production_talks_to_the_vendors() -> None:
    """CTR: a base URL replaces exactly the vendor's own."""
    found = load(PRODUCTION, None)
    assert (found.telegram_url, found.yookassa_url) == ("https://api.telegram.org", "https://api.yookassa.ru/v3")
    assert found.ai_endpoint("openai") == ("", "")
    assert found.is_webhook
    assert not load(PRODUCTION | {"KASSA_TELEGRAM_TRANSPORT": "polling"}, None).is_webhook


@pytest.mark.parametrize(
    ("environment", "code", "told"),
    [
        ({"KASSA_PRT": "1"}, "settings.unknown", "did you mean KASSA_PORT"),
        ({"KASSA_PORT": "http"}, "settings.invalid", "KASSA_PORT='http'"),
        ({"KASSA_PORT": "70000"}, "settings.invalid", "less than or equal to 65535"),
        ({"KASSA_MODE": "test"}, "settings.invalid", "'sandbox' or 'production'"),
        ({"KASSA_PUBLIC_URL": "kassa.example"}, "settings.invalid", "KASSA_PUBLIC_URL"),
        ({"KASSA_DATABASE_URL": "mysql://x:secret@y/z"}, "settings.invalid", "(hidden)"),
        ({"KASSA_LOG_LEVEL": "LOUD"}, "settings.invalid", "KASSA_LOG_LEVEL"),
        ({"KASSA_MODE": "production"}, "settings.missing", "KASSA_SECRET_KEYS"),
        ({**PRODUCTION, "KASSA_PUBLIC_URL": ""}, "settings.missing", "KASSA_PUBLIC_URL"),
        ({**PRODUCTION, "KASSA_FAILPOINT": "x"}, "settings.invalid", "sandbox mode only"),
    ],
    ids=[f"case-{number}" for number in range(10)],
)
def test_wrong_settings(environment: dict[str, str], code: str, told: str) -> None:
    with pytest.raises(AppError) as wrong:
        load(environment, None)
    assert wrong.value.code == code
    assert told in wrong.value.message
    assert "secret@" not in wrong.value.message


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("KASSA_PORT=9001\nKASSA_HOST='0.0.0.0'\n", "utf-8")
    found = load({"KASSA_PORT": "9002"}, file)
    assert (found.port, found.host, found.base_url) == (9002, "0.0.0.0", "http://127.0.0.1:9002")  # noqa: S104 - read


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"KASSA_PORT=\xff\xfe")
    with pytest.raises(AppError) as wrong:
        load({}, file)
    assert wrong.value.code == "settings.file_unreadable"


def test_generated_secrets_stay(tmp_path: Path) -> None:
    """RUN-1: made once, kept beside the data, readable by us alone; never in production."""
    first = with_generated_secrets(settings(data_dir=str(tmp_path / "data")))
    again = with_generated_secrets(settings(data_dir=str(tmp_path / "data")))
    assert first.secret_keys == again.secret_keys
    assert first.owner_password == again.owner_password
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o077 == 0
    production = load(PRODUCTION | {"KASSA_DATA_DIR": str(tmp_path / "other")}, None)
    assert with_generated_secrets(production) is production


def test_secrets_are_never_shown() -> None:
    """SEC-1: neither by the doctor nor by a repr."""
    found = load(PRODUCTION | {
        "KASSA_OPENAI_API_KEY": "sk-hidden", "KASSA_YOOKASSA_SECRET_KEY": "live_hidden",
        "KASSA_DATABASE_URL": "postgresql://kassa:hidden@db/kassa",
    }, None)  # fmt: skip
    assert "hidden" not in json.dumps(effective(found))
    assert "sk-hidden" not in repr(found)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("{", "levels_config.json"),
        ('{"levels": []}', "levels = []"),
        ('{"levels": [{"name": {"ru": "x"}, "discount_percent": 101}]}', "levels.0.discount_percent = 101"),
        ('{"levels": [{"name": {"ru": "x"}, "rate_tier": "gold"}]}', "levels.0.rate_tier = 'gold'"),
        ('{"levels": [{"name": {"ru": "x"}, "colour": 1}]}', "levels.0.colour = 1"),
    ],
)
def test_broken_levels_are_told_by_file_key_and_value(tmp_path: Path, document: str, told: str) -> None:
    (tmp_path / "levels_config.json").write_text(document, "utf-8")
    with pytest.raises(AppError) as wrong:
        levels.load_levels(tmp_path)
    assert wrong.value.code == "settings.file_invalid"
    assert str(tmp_path) in wrong.value.message
    assert told in wrong.value.message


def test_the_shipped_files_are_right() -> None:
    """RUN-5: config/ of the repository."""
    folder = Path(__file__).parents[2] / "config"
    assert levels.load_levels(folder) is not None
    assert levels.load_user(folder) is not None
