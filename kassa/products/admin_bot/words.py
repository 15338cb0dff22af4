"""Figures, moments and sums as staff read them in a chat."""

from collections.abc import Callable, Mapping
from datetime import datetime

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.numbers import format_compact_decimal, format_currency, format_percent

from kassa.core import i18n
from kassa.core.channels import Turn
from kassa.core.i18n import Markup
from kassa.kit import clock
from kassa.kit.money import Money


def part(t: Callable[..., str], name: str) -> str:
    """What a part of the installation is called; its own name when it is a bot, a key or something new."""
    return _named(t, f"admin-part-{_slug(name)}", name)


def check(t: Callable[..., str], name: str) -> str:
    """What a check of ledger and money says."""
    return _named(t, f"admin-check-{_slug(name)}", name.replace("_", " "))


def _named(t: Callable[..., str], key: str, name: str) -> str:
    found = t(key)
    return name if found == key else found


def _slug(name: str) -> str:
    return name.replace("_", "-").replace(" ", "-")


def ago(turn: Turn, moment: datetime | None) -> Markup:
    """How long ago: "5 минут назад"; a dash when it never was."""
    if moment is None:
        return Markup("—")
    past = moment - clock.now()
    text: str = format_timedelta(past, add_direction=True, locale=turn.locale, threshold=1.2)
    return Markup(text)


def until(turn: Turn, moment: datetime | None) -> Markup:
    """To what day something lasts; or that it has no end."""
    if moment is None:
        return Markup(turn.t("admin-for-ever"))
    return Markup(turn.t("admin-until", date=Markup(i18n.date(moment, turn.locale))))


def language(code: str, locale: str) -> str:
    """What a language is called; its code when nobody knows it."""
    try:
        return Locale.parse(code, sep="-").get_language_name(locale) or code
    except (ValueError, UnknownLocaleError):
        return code or "—"


def number(value: int, locale: str) -> Markup:
    """A whole number."""
    return Markup(i18n.number(value, locale))


def compact(value: int, locale: str) -> str:
    """A large number in short: 1,2 млн."""
    if abs(value) < 10_000:
        return i18n.number(value, locale)
    text: str = format_compact_decimal(value, locale=locale, fraction_digits=1)
    return text.replace("\u202f", "\u00a0")


def percent(share: float, locale: str) -> str:
    """A share: 1,3 %; whole from ten on."""
    pattern: str = Locale.parse(locale).percent_formats[None].pattern
    if share and abs(share) < 0.1:
        pattern = pattern.replace("0", "0.#", 1)
    text: str = format_percent(share, format=pattern, locale=locale)
    return text


def money(amount: Money, locale: str) -> Markup:
    """An amount with its sign."""
    return Markup(i18n.money(amount, locale))


def sums(by_asset: Mapping[str, int], locale: str, zero: str = "RUB") -> Markup:
    """Amounts of several assets, one after another; nothing is a zero of the first."""
    found = [Money(units, asset) for asset, units in sorted(by_asset.items()) if units]
    return Markup(" + ".join(i18n.money(item, locale) for item in found or [Money(0, zero)]))


def dollars(micro: int, locale: str) -> Markup:
    """Millionths of a dollar: what neural networks cost us."""
    return Markup(format_currency(micro / 1_000_000, "USD", locale=locale))


def change(now: int, before: int) -> float | None:
    """By what share a figure has grown; None when there was nothing before."""
    return (now - before) / before if before else None


def delta(now: int, before: int, locale: str) -> Markup:
    """The same in words, in brackets; empty when there is nothing to compare with."""
    share = change(now, before)
    if share is None or now == before:
        return Markup("")
    return Markup(f" ({'▲' if share > 0 else '▼'} {percent(abs(share), locale)})")
