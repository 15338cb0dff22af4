"""Rules as data: a YAML or JSON document, read into typed rules with errors that say line, key, value and what is
allowed."""

from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from kassa.kit.errors import Invalid

from .windows import Limit, Period, read_limit, read_period, read_size

DEFAULTS = Path(__file__).parent / "defaults.yaml"
MAX_BYTES = 200_000
MAX_RULES = 500
ACTIONS = (
    "http.request", "http.register", "http.login", "http.mail", "api.request", "ai.request", "bot.command",
    "ws.connect", "file.upload",
)  # fmt: skip
"""What the product asks about. A product module may ask about actions of its own."""

KNOWN_AT_ONCE = frozenset({"kind", "bot", "channel", "customer", "api_key", "method", "path", "ip"})
"""Attributes that an edge knows without asking the database."""

_NAME = r"^[a-z0-9][a-z0-9-]{0,62}$"
_ACTION = r"^(\*|[a-z][a-z0-9_]*\.(\*|[a-z][a-z0-9_]*))$"


def _words(value: Any) -> Any:
    """One word or several, as a tuple of texts."""
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str | int):
        return (str(value),)
    if isinstance(value, list):
        return tuple(str(item) if isinstance(item, int) and not isinstance(item, bool) else item for item in value)
    return value


Words = Annotated[tuple[str, ...], BeforeValidator(_words), Field(min_length=1, max_length=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Condition(_Strict):
    """Attributes of who asks. Each that is written must fit; of several values one is enough."""

    kind: Words | None = None
    tier: Words | None = None
    level: Words | None = None
    plan: Words | None = None
    bot: Words | None = None
    channel: Words | None = None
    locale: Words | None = None
    country: Words | None = None
    flag: Words | None = None
    customer: Words | None = None
    api_key: Words | None = None
    method: Words | None = None
    path: Words | None = None
    ip: Words | None = None

    @field_validator("ip")
    @classmethod
    def _networks(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for item in value or ():
            ip_network(item, strict=False)
        return value

    @cached_property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """The attributes that are written, in the order of the class."""
        found = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: value for name, value in found if value is not None}


def _limits(value: Any) -> Any:
    return [read_limit(_text(item)) for item in (value if isinstance(value, list) else [value])]


def _period(value: Any) -> Any:
    return read_period(_text(value))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is needed")
    return value


Scope = Literal["customer", "ip", "api_key", "organization", "plan"]
Window = Literal["first use", "calendar", "plan"]


class Rule(_Strict):
    """What is limited or refused, for whom, and how."""

    name: str = Field(pattern=_NAME)
    note: str = Field(default="", max_length=500)
    enabled: bool = True
    actions: tuple[Annotated[str, Field(pattern=_ACTION)], ...] = Field(min_length=1)
    per: Scope = "customer"
    when: Condition = Condition()
    unless: Condition = Condition()
    limits: Annotated[tuple[Limit, ...], BeforeValidator(_limits)] = ()
    window: Window = "first use"
    counts: Literal["all", "failures"] = "all"
    same: bool = False
    group: str = Field(default="", pattern=r"^[a-z0-9-]{0,63}$")
    max_size: Annotated[int, BeforeValidator(read_size)] | None = None
    deny: str | None = Field(default=None, min_length=1, max_length=500)
    block: Annotated[Period, BeforeValidator(_period)] | None = None
    reason: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.limits or self.max_size or self.deny):
            raise ValueError("a rule needs limits, max_size or deny")
        if self.deny and (self.limits or self.max_size or self.block):
            raise ValueError("deny stands alone: without limits, max_size and block")
        if self.block and not self.limits:
            raise ValueError("block follows a limit that was reached: write limits")
        if self.block and self.per not in ("customer", "ip"):
            raise ValueError("block is for rules per customer or per ip")
        if (self.window == "plan") != (self.per == "plan") and self.window == "plan":
            raise ValueError("window: plan begins with a purchase, so it needs per: plan")
        if self.per == "plan" and not self.when.plan:
            raise ValueError("per: plan needs when.plan, the plans it is about")
        if self.group and not self.limits:
            raise ValueError("group joins limits of which one is enough: write limits")
        texts = [limit.text.partition("/")[2] for limit in self.limits]
        if len(set(texts)) != len(texts):
            raise ValueError("limits: one limit for each period")
        return self

    @cached_property
    def asks_facts(self) -> bool:
        """Whether it can only be decided with what is known of the customer beyond who they are."""
        return self.per == "plan" or not {*self.when.asked, *self.unless.asked} <= KNOWN_AT_ONCE

    @cached_property
    def asks_more(self) -> bool:
        """Whether it asks anything beside the kind of the subject."""
        return not {*self.when.asked, *self.unless.asked} <= {"kind"}

    def covers(self, action: str) -> bool:
        """Whether the rule is about this action."""
        area = action.partition(".")[0]
        return any(name in ("*", action, f"{area}.*") for name in self.actions)


class Document(_Strict):
    """A whole set of rules."""

    timezone: str = "UTC"
    rules: tuple[Rule, ...] = Field(max_length=MAX_RULES)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("a time zone is a name like UTC or Europe/Moscow") from error
        return value

    @field_validator("rules")
    @classmethod
    def _distinct(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        names = [rule.name for rule in rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two rules are called {', '.join(twice)}")
        return rules


def read_rules(source: str) -> Document:
    """The rules of a document. Raises Invalid `policies.rules_invalid`: problems with line, where, value, problem."""
    if len(source.encode()) > MAX_BYTES:
        raise _invalid([{"line": 1, "where": "", "value": "", "problem": f"more than {MAX_BYTES} bytes"}])
    try:
        # A reference to a part read before can make a small text a huge document.
        for event in yaml.parse(source, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line, problem = _line(event), f"*{event.anchor}: write it out, references are not read"
                raise _invalid([{"line": line, "where": "", "value": "", "problem": problem}])
        # JSON is YAML too, so one reader keeps lines for both.
        node = yaml.compose(source, Loader=yaml.SafeLoader)
        value = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or error)
        raise _invalid(
            [{"line": mark.line + 1 if mark else 1, "where": "", "value": "", "problem": problem}]
        ) from error
    except RecursionError as error:
        raise _invalid([{"line": 1, "where": "", "value": "", "problem": "nested too deeply"}]) from error
    try:
        return Document.model_validate(value)
    except ValidationError as error:
        lines: dict[tuple[str | int, ...], int] = {}
        _mark(node, (), lines)
        problems = [_problem(dict(item), lines) for item in error.errors()]
        raise _invalid(problems) from error


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def default_source() -> str:
    """The built-in rules as they are shipped."""
    return DEFAULTS.read_text("utf-8")


def _mark(node: yaml.Node | None, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> None:
    if node is None:
        return
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = str(getattr(key, "value", ""))
            lines[(*path, name)] = key.start_mark.line + 1
            _mark(value, (*path, name), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _mark(item, (*path, number), lines)


def _problem(error: dict[str, Any], lines: dict[tuple[str | int, ...], int]) -> dict[str, Any]:
    path: tuple[str | int, ...] = tuple(error["loc"])
    known = path
    while known and known not in lines:
        known = known[:-1]
    problem = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        model = Document if len(path) == 1 else Condition if path[-2] in ("when", "unless") else Rule
        problem = f"no such key; there are {', '.join(model.model_fields)}"
    shown = repr(error.get("input"))
    return {
        "line": lines.get(known, 1), "where": ".".join(str(part) for part in path),
        "value": shown if len(shown) <= 120 else f"{shown[:117]}...", "problem": problem,
    }  # fmt: skip


def _invalid(problems: list[dict[str, Any]]) -> Invalid:
    first = problems[0]
    where = f", {first['where']} = {first['value']}" if first["where"] else ""
    return Invalid(
        "policies.rules_invalid", f"Line {first['line']}{where}: {first['problem']}", problems=problems[:50]
    )  # fmt: skip
