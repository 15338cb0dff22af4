"""Whether a rule's conditions fit a subject; the same answer for a decision and for its explanation."""

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network

from .rules import KNOWN_AT_ONCE, Condition, Rule
from .types import Facts, Subject

FlagIsOn = Callable[[str], bool]
_NOBODY = Facts()


def may_fit(rule: Rule, subject: Subject) -> bool:
    """Whether the rule could be about the subject, judged without facts."""
    return all(_fits(name, values, subject, _never) for name, values in _known(rule.when)) and not (
        set(rule.unless.asked) <= KNOWN_AT_ONCE and rule.unless.asked and not _mismatch(rule.unless, subject, _never)
    )


def why_not(rule: Rule, subject: Subject, flag_is_on: FlagIsOn) -> str:
    """Why a rule is not about the subject; empty when it is."""
    name = _mismatch(rule.when, subject, flag_is_on)
    if name:
        return f"when.{name}: {_shown(rule.when, name)} is not {_is(name, subject)}"
    if rule.unless.asked and not _mismatch(rule.unless, subject, flag_is_on):
        return "unless: " + ", ".join(f"{name} is {_is(name, subject)}" for name in rule.unless.asked)
    return ""


def _known(condition: Condition) -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((name, values) for name, values in condition.asked.items() if name in KNOWN_AT_ONCE)


def _never(_name: str) -> bool:
    return False


def _mismatch(condition: Condition, subject: Subject, flag_is_on: FlagIsOn) -> str:
    """The first attribute that does not fit; empty when all do."""
    for name, values in condition.asked.items():
        if not _fits(name, values, subject, flag_is_on):
            return name
    return ""


def _fits(name: str, values: tuple[str, ...], subject: Subject, flag_is_on: FlagIsOn) -> bool:
    if name == "flag":
        return any(map(flag_is_on, values))
    if name == "ip":
        return subject.ip is not None and any(_in_network(subject, value) for value in values)
    found = _values(name, subject)
    if name == "path":
        return any(fnmatchcase(item, value) for item in found for value in values)
    return any(item.lower() == value.lower() for item in found for value in values)


def _in_network(subject: Subject, network: str) -> bool:
    return subject.ip is not None and ip_address(str(subject.ip)) in ip_network(network, strict=False)


def _values(name: str, subject: Subject) -> Iterable[str]:
    facts = subject.facts or _NOBODY
    match name:
        case "kind":
            return (subject.kind.value,)
        case "plan":
            return [plan.slug for plan in facts.plans]
        case "customer":
            return (str(subject.customer_id or ""),)
        case "api_key":
            return ("true" if subject.api_key_id else "false",)
        case "tier" | "level" | "locale" | "country":
            return (str(getattr(facts, name)),)
        case _:
            return (str(getattr(subject, name)),)


def _is(name: str, subject: Subject) -> str:
    if name == "flag":
        return "on"
    found = [str(subject.ip or "")] if name == "ip" else list(_values(name, subject))
    return " or ".join(item or "(nothing)" for item in found) or "(nothing)"


def _shown(condition: Condition, name: str) -> str:
    return " or ".join(condition.asked[name])
