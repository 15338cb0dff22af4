"""Statistics in a chat: the dashboard's figures in words, below a picture of them."""

from datetime import datetime, timedelta
from uuid import UUID

from babel.dates import format_date, format_interval, format_skeleton

from kassa.core import channels, files, i18n, identity, usage
from kassa.core.access import Actor, Permission
from kassa.core.channels import Button, Outgoing, Press, Turn
from kassa.core.i18n import Markup
from kassa.core.usage import Dashboard
from kassa.kit import jobs
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.money import Money

from . import chart, words

PERIODS = (1, 7, 30)
DAYS_AROUND_TODAY = 14
"""A single day says little: today's picture shows the days before it too."""


async def stats(turn: Turn, actor: Actor, argument: str) -> None:
    """/stats: the figures of today, a week or a month beside those of the time before. Drawing takes a moment, so a
    job does it."""
    actor.require(Permission.DASHBOARD_VIEW)
    days = int(argument) if argument.isdigit() and int(argument) in PERIODS else 7
    event = turn.incoming.event
    await jobs.enqueue(
        turn.session, "admin_bot.send_stats", days=days, bot_id=str(turn.bot.id), chat_id=turn.chat_id,
        update_id=turn.incoming.update_id, message_id=event.message_id if isinstance(event, Press) else None,
        locale=turn.locale,
    )  # fmt: skip


async def send(
    app: App, days: int, bot_id: str, chat_id: int, update_id: int, message_id: int | None, locale: str
) -> None:
    """Job: draw the figures and send them, to who may see them still."""
    bot = await app.get(channels.Bots).profile(UUID(bot_id))
    async with app.get(Database).transaction() as session:
        actor = await identity.staff_in_telegram(session, bot.organization_id, chat_id)
        if actor is None or not actor.may(Permission.DASHBOARD_VIEW):
            return
        found = await usage.dashboard(session, actor, days)
        around = await usage.dashboard(session, actor, DAYS_AROUND_TODAY if days == 1 else 2 * days)
    said = _Said(app.get(i18n.Texts), bot, locale)
    drawing = await chart.draw(_picture(said, days, found, around))
    kept = await files.keep_made(app, actor, "stats.png", drawing)
    buttons = [
        [
            Button(("● " if each == days else "") + said.t(f"admin-stats-{each}"), f"adm:stats:{each}")
            for each in PERIODS
        ],
        [Button(said.t("admin-button-menu"), "adm:menu")],
    ]
    async with app.get(Database).transaction() as session:
        message = Outgoing(
            _caption(said, days, found), buttons, edit_message_id=message_id,
            picture=await files.path_of(session, actor, kept.id),
        )  # fmt: skip
        await channels.send_later(session, bot.id, chat_id, message, key=f"admin-stats:{bot_id}:{update_id}")


class _Said:
    """Texts in a language, as a bot's owner wants them."""

    def __init__(self, texts: i18n.Texts, bot: channels.BotProfile, locale: str) -> None:
        self._texts, self._bot, self.locale = texts, bot, locale

    def t(self, key: str, **facts: object) -> str:
        """One text."""
        return self._texts.text(key, self.locale, self._bot.overrides, **facts)


def _main_asset(found: Dashboard) -> str:
    """What the picture counts money in: what most came in, rubles when nothing did."""
    return max(found.totals.revenue, key=lambda asset: found.totals.revenue[asset], default="RUB")


def _picture(said: _Said, days: int, found: Dashboard, around: Dashboard) -> chart.Picture:
    now, before, locale, asset = found.totals, found.before, said.locale, _main_asset(found)
    revenue = [day.revenue.get(asset, 0) for day in around.days]
    shown, earlier = (around.days, []) if days == 1 else (around.days[days:], revenue[:days])
    moments = [datetime.fromisoformat(day.day) for day in shown]
    was = words.money(Money(before.revenue.get(asset, 0), asset), locale)

    def tile(key: str, value: int, was: int, text: str = "", *, is_bad: bool = False) -> chart.Tile:
        return chart.Tile(said.t(key), text or words.compact(value, locale), words.change(value, was), is_bad)

    return chart.Picture(
        title=said.t(f"admin-chart-{days}"), period=_period(found, days, locale),
        value=i18n.money(Money(now.revenue.get(asset, 0), asset), locale),
        change=words.change(now.revenue.get(asset, 0), before.revenue.get(asset, 0)),
        before=said.t(f"admin-chart-before-{days}", amount=was),
        bars=[day.revenue.get(asset, 0) for day in shown], line=earlier,
        highlight=len(shown) - 1 if days == 1 else None,
        labels=[_label(moment, days, locale) for moment in moments],
        axis=lambda units: words.compact(units // 100 if asset in ("RUB", "USD", "EUR") else units, locale),
        legend=(said.t("admin-chart-now"), said.t("admin-chart-then")), empty=said.t("admin-chart-empty"),
        percent=lambda share: words.percent(abs(share), locale),
        tiles=[
            tile("admin-tile-orders", now.orders, before.orders),
            tile("admin-tile-new", now.new_customers, before.new_customers),
            tile("admin-tile-conversion", now.first_purchases, before.first_purchases,
                 words.percent(_share(now.first_purchases, now.new_customers), locale)),
            tile("admin-tile-requests", now.requests, before.requests),
            tile("admin-tile-tokens", now.tokens_used, before.tokens_used),
            tile("admin-tile-errors", now.failed_requests, before.failed_requests,
                 words.percent(_share(now.failed_requests, now.requests), locale), is_bad=True),
        ],
    )  # fmt: skip


def _caption(said: _Said, days: int, found: Dashboard) -> str:
    now, before, locale = found.totals, found.before, said.locale
    assets = {*now.revenue, *now.refunds, *now.fees}
    kept = {a: now.revenue.get(a, 0) - now.refunds.get(a, 0) - now.fees.get(a, 0) for a in assets}
    asset = _main_asset(found)
    return said.t(
        "admin-stats", period=Markup(said.t(f"admin-stats-{days}")), dates=Markup(_period(found, days, locale)),
        revenue=words.sums(now.revenue, locale),
        change=words.delta(now.revenue.get(asset, 0), before.revenue.get(asset, 0), locale),
        refunds=words.sums(now.refunds, locale), kept=words.sums(kept, locale),
        cost=words.dollars(now.ai_cost_micro_usd, locale),
        orders=words.number(now.orders, locale), joined=words.number(now.new_customers, locale),
        first=words.number(now.first_purchases, locale),
        conversion=Markup(words.percent(_share(now.first_purchases, now.new_customers), locale)),
        day=words.number(found.active_day, locale), week=words.number(found.active_week, locale),
        month=words.number(found.active_month, locale),
        issued=words.number(now.tokens_issued, locale), used=words.number(now.tokens_used, locale),
        requests=words.number(now.requests, locale),
        errors=Markup(words.percent(_share(now.failed_requests, now.requests), locale)),
    )  # fmt: skip


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _period(found: Dashboard, days: int, locale: str) -> str:
    """The days that are told of: 21–27 ноября."""
    until = found.until
    if days == 1:
        text: str = format_skeleton("MMMMd", until, locale=locale)
        return text
    interval: str = format_interval((until - timedelta(days=days - 1)).date(), until.date(), "MMMMd", locale=locale)
    return interval.replace("\u2009", "")


def _label(moment: datetime, days: int, locale: str) -> str:
    """A day under its bar."""
    text: str = format_date(
        moment, "EEEEEE d" if days == 7 and locale == "ru" else "EEE d" if days == 7 else "d", locale=locale
    )
    return text
