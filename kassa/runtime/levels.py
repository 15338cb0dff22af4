"""The operator's JSON files: customer levels and default customer settings, checked at the start (RUN-5)."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kassa.core import billing
from kassa.runtime.settings import ConfigError


class Level(BaseModel):
    """A customer level: what it takes to reach it and what it brings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: dict[str, str] = Field(min_length=1)
    spent_rub: int = Field(default=0, ge=0)
    referrals: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    discount_percent: int = Field(default=0, ge=0, le=100)
    bonus_percent: int = Field(default=0, ge=0, le=1000)
    rate_tier: str = Field(default="free", pattern="^(free|basic|premium)$")


class LevelsConfig(BaseModel):
    """config/levels_config.json."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    levels: list[Level] = Field(min_length=1)


class UserConfig(BaseModel):
    """config/user_config.json: what a new customer starts with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default_model: str = "chatgpt-4-omni-mini"
    has_history: bool = True


def load_levels(directory: Path) -> LevelsConfig | None:
    """The levels; None when there is no file. Raises ConfigError naming file, key, value and what is allowed."""
    return _load(directory / "levels_config.json", LevelsConfig)


def load_user(directory: Path) -> UserConfig | None:
    """The default customer settings; None when there is no file. Raises ConfigError as above."""
    return _load(directory / "user_config.json", UserConfig)


def as_levels(config: LevelsConfig | None) -> billing.Levels:
    """The levels as billing knows them. A level's key is its English name, or the first one."""
    found = config.levels if config else []
    return billing.Levels(
        [
            billing.Level(
                level.name.get("en") or next(iter(level.name.values())), level.name, level.spent_rub * 100,
                level.referrals, level.days, level.discount_percent, level.bonus_percent, level.rate_tier,
            )
            for level in found
        ]
    )  # fmt: skip


_Config = TypeVar("_Config", bound=BaseModel)


def _load(path: Path, model: type[_Config]) -> _Config | None:
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError("settings.file_invalid", f"{path}: {error}", key=str(path)) from error
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        message = f"{path}: {key} = {first['input']!r}: {first['msg']}"
        raise ConfigError("settings.file_invalid", message, key=key) from error
