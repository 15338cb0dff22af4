"""Cleaning: counters whose windows are over, places whose leases ended, refusals that are too old."""

from kassa.kit.app import App
from kassa.kit.db import Database

from . import refusals

_COUNTERS = """
delete from policies_counter where key in (select key from policies_counter
    where closes_at < clock_timestamp() - interval '1 hour' order by closes_at limit 50000)
"""
_PLACES = "delete from policies_place where until < clock_timestamp()"
_BLOCKS = """
delete from policies_block where id in (select id from policies_block
    where rule <> '' and until < clock_timestamp() - interval '365 days' limit 20000)
"""


async def clean(app: App) -> None:
    """Job: drop what nobody asks for any more, a piece at a time. What people blocked stays for ever."""
    database = app.get(Database)
    for statement in (_COUNTERS, _PLACES, _BLOCKS):
        await database.call(statement)
    await refusals.forget_old(database)
