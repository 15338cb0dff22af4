"""When windows end, by PostgreSQL and by a plain reckoning of days and months (POL-2)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.core.policies.windows import Period, read_limit, read_period, read_size

MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis
ZONES = st.sampled_from(["UTC", "Europe/Moscow", "America/St_Johns", "Asia/Kolkata", "Europe/Berlin"])
PERIODS = st.sampled_from(["minute", "10 minutes", "hour", "6 hours", "day", "week", "month", "3 months", "year"])
Postgres: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
CLOSES = "select policy_closes($1, $2, $3, $4, $5)"


@pytest.fixture
async def postgres(database_url: str) -> AsyncIterator[Postgres]:
    """A connection of the test alone."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def begins(anchor: datetime, period: Period, number: int) -> datetime:
    """When the window of that number begins, in local time."""
    month = anchor.month - 1 + period.months * number
    year, month = anchor.year + month // 12, month % 12 + 1
    next_month = datetime(year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - local time without a zone
    last_day = (next_month - timedelta(days=1)).day
    moved = anchor.replace(year=year, month=month, day=min(anchor.day, last_day))
    return moved + timedelta(seconds=period.seconds * number)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(at=MOMENTS, anchor=MOMENTS, text=PERIODS, zone=ZONES)
async def test_windows_follow_one_another(
    postgres: Postgres, at: datetime, anchor: datetime, text: str, zone: str
) -> None:
    """POL-2: a moment's window ends after it, at a multiple of the period from the anchor in local time."""
    period = read_period(text)
    closes = await postgres.fetchval(CLOSES, at, period.months, period.seconds, anchor, zone)
    local_at, local_anchor, local_closes = (
        moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in (at, anchor, closes)
    )
    number = 0
    if period.months:
        number = ((local_closes.year - local_anchor.year) * 12 + local_closes.month - local_anchor.month) // (
            period.months
        )
    else:
        number = round((local_closes - local_anchor).total_seconds() / period.seconds)
    # An hour that does not exist, or exists twice, moves the end by that hour and never before the moment.
    shift = abs(local_closes - begins(local_anchor, period, number))
    assert shift <= timedelta(hours=1)
    assert closes > at
    assert begins(local_anchor, period, number - 1) <= local_at + timedelta(hours=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(at=MOMENTS, text=PERIODS)
async def test_a_window_opens_with_its_first_request(postgres: Postgres, at: datetime, text: str) -> None:
    """POL-2: without an anchor a window is exactly one period long, whatever the zone of the connection."""
    period = read_period(text)
    await postgres.execute("set timezone to 'America/New_York'")
    closes = await postgres.fetchval(CLOSES, at, period.months, period.seconds, None, "UTC")
    assert closes == begins(at.replace(tzinfo=None), period, 1).replace(tzinfo=UTC)


def test_limits_as_people_write_them() -> None:
    """POL-1: numbers with and without commas, units in both numbers, and errors that say what is allowed."""
    limit = read_limit("1,000 / 10 Minutes")
    assert (limit.most, limit.text, limit.period and limit.period.seconds) == (1000, "1000/10 minutes", 600)
    assert read_limit("150000/year").period == read_period("1 years")
    assert (read_limit("5 at once").most, read_limit("5 at once").period) == (5, None)
    assert (read_size("20 MB"), read_size(17)) == (20 * 1024 * 1024, 17)
    for wrong in ("5", "0/hour", "-1/hour", "5/fortnight", "1,00/hour", "5/0 hours", "many/hour", "/hour", "5/"):
        with pytest.raises(ValueError, match=r"a limit is|a period is"):
            read_limit(wrong)
    for wrong in ("", "0", "20 TB", "-5"):
        with pytest.raises(ValueError, match="a size is"):
            read_size(wrong)
