"""Providers' events: stored once before they are answered, applied by a job."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, ids, jobs
from kassa.kit.errors import NotFound

from .models import BillingEvent, BillingPayment, BillingRefund
from .ports import EventSubject, ProviderEvent


async def record_event(session: AsyncSession, provider: str, event: ProviderEvent, remote_ip: str) -> bool:
    """Store an event and enqueue its handling; False for a repeat."""
    event_row = await session.scalar(
        insert(BillingEvent)
        .values(
            id=ids.new(), provider=provider, event_id=event.event_id, kind=event.kind, subject=event.subject.value,
            ref=event.ref, payload=event.payload, remote_ip=remote_ip, state="new", received_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["provider", "event_id"])
        .returning(BillingEvent.id)
    )  # fmt: skip
    if event_row is None:
        return False
    await jobs.enqueue(session, "billing.apply_event", event_id=str(event_row))
    return True


async def read_event(session: AsyncSession, event_id: UUID) -> tuple[str, EventSubject, str, str]:
    """An event's provider, subject, reference and state. Raises NotFound `billing.event_not_found`."""
    row = await session.get(BillingEvent, event_id)
    if row is None:
        raise NotFound("billing.event_not_found", "No such event")
    return row.provider, EventSubject(row.subject), row.ref, row.state


async def close_event(session: AsyncSession, event_id: UUID, state: str) -> None:
    """Mark an event `done`, `ignored` or `unmatched`."""
    await session.execute(
        update(BillingEvent).where(BillingEvent.id == event_id).values(state=state, handled_at=clock.now())
    )


async def find_payment(session: AsyncSession, provider: str, ref: str, our_id: str) -> UUID | None:
    """Our payment behind a provider's, by its reference or by our id that it carries."""
    found = await session.scalar(
        select(BillingPayment.id).where(BillingPayment.provider == provider, BillingPayment.provider_ref == ref)
    )
    if found is None and our_id:
        try:
            wanted = UUID(our_id)
        except ValueError:
            return None
        found = await session.scalar(
            select(BillingPayment.id).where(BillingPayment.provider == provider, BillingPayment.id == wanted)
        )
    return found


async def find_refund(session: AsyncSession, ref: str) -> UUID | None:
    """Our refund behind a provider's."""
    found: UUID | None = await session.scalar(select(BillingRefund.id).where(BillingRefund.provider_ref == ref))
    return found
