"""Blocks of customers and addresses: by a person or by a rule, for a while or for ever (POL-4, IDN-7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, cast, not_, or_, select
from sqlalchemy.dialects.postgresql import CIDR
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, Permission
from kassa.kit import clock, ids
from kassa.kit.db import Database
from kassa.kit.errors import Conflict, Invalid, NotFound

from .models import PoliciesBlock
from .rules import Rule
from .types import Subject

# One live block by a rule and subject: many requests may reach the limit at the same moment.
_BY_RULE = """
with known as (
    select id, until from policies_block where organization_id = $2 and rule = $6 and lifted_at is null and until > $8
        and (customer_id = $3 or network = $4::text::cidr) order by until desc limit 1
), added as (
    insert into policies_block (id, organization_id, customer_id, network, reason, rule, until, created_at, lift_reason)
    select $1, $2, $3, $4::text::cidr, $5, $6, $8 + $7, $8, '' where not exists (select 1 from known)
    returning id, until
)
select id, until from added union all select id, until from known limit 1
"""


@dataclass(frozen=True, slots=True)
class Block:
    """Who gets no service, why, and until when; None is for ever."""

    id: UUID
    customer_id: UUID | None
    network: str | None
    reason: str
    rule: str
    until: datetime | None
    created_by: UUID | None
    created_at: datetime
    lifted_at: datetime | None
    lifted_by: UUID | None
    lift_reason: str

    @property
    def is_live(self) -> bool:
        """Whether it is in force."""
        return self.lifted_at is None and (self.until is None or self.until > clock.now())

    def to_json(self) -> dict[str, Any]:
        """For the audit log."""
        return {
            "customer": str(self.customer_id) if self.customer_id else None, "network": self.network,
            "reason": self.reason, "until": self.until.isoformat() if self.until else None,
        }  # fmt: skip


async def block(
    session: AsyncSession,
    actor: Actor,
    *,
    reason: str,
    customer_id: UUID | None = None,
    network: str = "",
    until: datetime | None = None,
) -> Block:
    """Give a customer or a network no service, from the next request on.

    Raises Denied, Invalid `policies.block_invalid`, Conflict `policies.already_blocked`.
    """
    actor.require(Permission.CUSTOMERS_BAN if customer_id else Permission.POLICIES_EDIT)
    if (customer_id is None) == (not network):
        raise Invalid("policies.block_invalid", "Name a customer or a network, one of them")
    if until is not None and until <= clock.now():
        raise Invalid("policies.block_invalid", "The block would be over already", until=until.isoformat())
    given = _network(network) if network else None
    live = (await live_blocks(session, actor.organization_id, customer_id)) if customer_id else []
    if any(not found.rule and (found.until is None or (until and found.until >= until)) for found in live):
        raise Conflict("policies.already_blocked", "The customer is blocked as long or longer already")
    row = PoliciesBlock(
        id=ids.new(), organization_id=actor.organization_id, customer_id=customer_id, network=given, reason=reason,
        rule="", until=until, created_by=actor.id, created_at=clock.now(), lift_reason="",
    )  # fmt: skip
    session.add(row)
    await session.flush()
    made = block_of(row)
    await audit.record(
        session, actor, "policies.blocked", "customer" if customer_id else "network", str(customer_id or given),
        after=made.to_json(), reason=reason,
    )  # fmt: skip
    return made


async def unblock(session: AsyncSession, actor: Actor, block_id: UUID, reason: str) -> Block:
    """Lift a block, from the next request on. Raises Denied, NotFound `policies.block_not_found`."""
    row = await session.get(PoliciesBlock, block_id, with_for_update=True)
    if row is None or row.organization_id != actor.organization_id or row.lifted_at is not None:
        raise NotFound("policies.block_not_found", "There is no such block in force")
    actor.require(Permission.CUSTOMERS_BAN if row.customer_id else Permission.POLICIES_EDIT)
    before = block_of(row)
    row.lifted_at, row.lifted_by, row.lift_reason = clock.now(), actor.id, reason
    await session.flush()
    await audit.record(
        session, actor, "policies.unblocked", "customer" if row.customer_id else "network",
        str(row.customer_id or row.network), before=before.to_json(), reason=reason,
    )  # fmt: skip
    return block_of(row)


async def unblock_customer(session: AsyncSession, actor: Actor, customer_id: UUID, reason: str) -> int:
    """Lift every block of a customer; answers how many there were."""
    live = await live_blocks(session, actor.organization_id, customer_id)
    for found in live:
        await unblock(session, actor, found.id, reason)
    return len(live)


async def live_blocks(session: AsyncSession, organization_id: UUID, customer_id: UUID) -> list[Block]:
    """The blocks of a customer that are in force now."""
    rows = await session.scalars(
        select(PoliciesBlock).where(
            PoliciesBlock.organization_id == organization_id, PoliciesBlock.customer_id == customer_id,
            _live(),
        )
    )  # fmt: skip
    return [block_of(row) for row in rows]


def blocks(
    actor: Actor, *, customer_id: UUID | None = None, network: str = "", live: bool | None = None
) -> Select[PoliciesBlock]:
    """The blocks that a search asks for, in force and over, in no order yet. Raises Denied, Invalid as `block`."""
    actor.require(Permission.POLICIES_VIEW)
    found = select(PoliciesBlock).where(PoliciesBlock.organization_id == actor.organization_id)
    if customer_id is not None:
        found = found.where(PoliciesBlock.customer_id == customer_id)
    if network:
        found = found.where(PoliciesBlock.network.op("&&")(cast(_network(network), CIDR)))
    if live is not None:
        found = found.where(_live() if live else not_(_live()))
    return found


async def block_by_rule(database: Database, subject: Subject, rule: Rule, at: datetime) -> tuple[UUID, datetime]:
    """Block for the rule's time; the block, and until when. A fact of its own: nothing rolls it back."""
    is_customer = rule.per == "customer" and subject.customer_id is not None
    length = timedelta(seconds=rule.block.about_s) if rule.block else timedelta(0)
    rows = await database.call(
        _BY_RULE, ids.new(), subject.organization_id, subject.customer_id if is_customer else None,
        None if is_customer else str(subject.ip), rule.reason, rule.name, length, at,
    )  # fmt: skip
    return rows[0]["id"], rows[0]["until"]


def _live() -> ColumnElement[bool]:
    later = or_(PoliciesBlock.until.is_(None), PoliciesBlock.until > clock.now())
    return and_(PoliciesBlock.lifted_at.is_(None), later)


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as error:
        message = f"{text!r} is neither an address nor a network like 203.0.113.0/24"
        raise Invalid("policies.block_invalid", message, network=text[:80]) from error


def block_of(row: PoliciesBlock) -> Block:
    """A row as it leaves the module."""
    network = str(row.network) if row.network is not None else None
    return Block(
        row.id, row.customer_id, network, row.reason, row.rule, row.until, row.created_by, row.created_at,
        row.lifted_at, row.lifted_by, row.lift_reason,
    )  # fmt: skip
