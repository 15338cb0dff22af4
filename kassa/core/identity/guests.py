"""Guests: visitors of a web page who have not told who they are."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access
from kassa.core.access import ActorKind, Origin, TokenPair, TokenSigner
from kassa.kit import clock, ids

from .customers import customer_of
from .models import IdentityCustomer
from .types import Customer


async def login_guest(
    session: AsyncSession, signer: TokenSigner, organization_id: UUID, language: str, origin: Origin
) -> tuple[TokenPair, Customer]:
    """Let a visitor in as a customer of their own, of whom we know the browser's language and nothing else.

    A guest has nothing but the session: who comes back before it ends finds the conversation again.
    """
    guest = IdentityCustomer(
        id=ids.new(), organization_id=organization_id, is_guest=True, name="", username="", language=language,
        seen_at=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    session.add(guest)
    await session.flush()
    pair = await access.open_session(
        session, signer, organization_id, ActorKind.CUSTOMER, guest.id, access.CUSTOMER_TTL, origin
    )
    return pair, customer_of(guest)
