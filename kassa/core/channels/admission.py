"""Who speaks, and whether they may: asked for every update, in one round trip (POL-3, POL-4, IDN-7)."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kassa.core import identity, policies
from kassa.core.policies import Policies, Refused, Subject, SubjectKind
from kassa.kit.db import Database

from .types import BotProfile, Command, Incoming, Media, Migration, Press, Reachability, Text, is_web

COUNTED = (Command, Text, Press, Media)
"""What people do by hand. A payment, a stopped answer or a blocked bot is a fact that must be taken in."""
REMEMBERED = 100_000

_MEET = identity.meeting_with(policies.admission(identity.MEETING_ARGUMENTS + 1), policies.UNHURRIED)


def subject_of(bot: BotProfile, customer_id: UUID, chat_id: int, fingerprint: str = "") -> Subject:
    """A customer in a chat, as rules see them."""
    return Subject(
        bot.organization_id, SubjectKind.CUSTOMER, customer_id, bot=bot.username,
        channel="web" if is_web(chat_id) else "telegram", fingerprint=fingerprint,
    )  # fmt: skip


class Admission:
    """Knows by whom the accounts of a channel are remembered, so that meeting and counting are one statement."""

    def __init__(self, database: Database, engine: Policies) -> None:
        self._database = database
        self._engine = engine
        self._known: OrderedDict[tuple[UUID, int], UUID] = OrderedDict()

    async def meet(self, bot: BotProfile, incoming: Incoming) -> tuple[identity.Customer | None, Refused | None]:
        """The customer who speaks (None when nobody does), and the refusal when they may not now."""
        person = incoming.person
        if incoming.customer_id is not None:
            found = await identity.recall_customer(self._database, bot.organization_id, incoming.customer_id)
            return found, await self._decide(bot, incoming, found)
        if person is None or isinstance(incoming.event, Reachability | Migration):
            return None, None
        place = (bot.organization_id, person.telegram_id)
        customer_id = self._known.get(place)
        if customer_id is None or not isinstance(incoming.event, COUNTED):
            customer = await identity.meet_customer(self._database, bot.organization_id, person)
            self._remember(place, customer.id)
            return customer, await self._decide(bot, incoming, customer)
        rows: list[Mapping[str, Any]] = []

        async def ask(arguments: tuple[object, ...]) -> Mapping[str, Any]:
            meeting = identity.meeting_arguments(bot.organization_id, person)
            rows.append(dict((await self._database.call(_MEET, *meeting, *arguments))[0]))
            return rows[-1]

        subject = subject_of(bot, customer_id, incoming.chat_id)
        decision = await self._engine.decide("bot.command", subject, ask=ask)
        customer = identity.met_customer(rows[-1])
        if customer.id != customer_id:
            # Two accounts became one; what holds for the one that is left must be asked again.
            self._remember(place, customer.id)
            return customer, await self._decide(bot, incoming, customer)
        return customer, decision if isinstance(decision, Refused) else None

    async def _decide(self, bot: BotProfile, incoming: Incoming, customer: identity.Customer | None) -> Refused | None:
        if customer is None or not isinstance(incoming.event, COUNTED):
            return None
        decision = await self._engine.decide("bot.command", subject_of(bot, customer.id, incoming.chat_id))
        return decision if isinstance(decision, Refused) else None

    def _remember(self, place: tuple[UUID, int], customer_id: UUID) -> None:
        self._known[place] = customer_id
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
