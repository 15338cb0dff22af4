"""Customers as staff see them, over HTTP (ADM-3)."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, StaffActor
from kassa.core.identity import people, privacy
from kassa.core.identity.models import IdentityCustomer
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import ListOut, add_list
from kassa.kit.personal import Holders
from kassa.kit.web import ERRORS, Tx, app_of

from .profile import SessionOut
from .staff import Reason

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)


class CustomerOut(BaseModel):
    """A customer as staff see them."""

    id: UUID
    number: int
    name: str
    username: str
    telegram_id: int | None
    email: str | None
    is_email_verified: bool
    is_guest: bool
    locale: str
    level: str
    photo_url: str
    note: str
    seen_at: datetime | None
    erased_at: datetime | None
    created_at: datetime


class CustomerChange(BaseModel):
    """What staff change themselves."""

    note: str = Field(max_length=people.MAX_NOTE)


class SignedOut(BaseModel):
    """How many sessions were open."""

    sessions: int


class CustomerFilters:
    """What to look for."""

    def __init__(
        self,
        q: str = Query("", max_length=100, description="In name, username and e-mail; or a number, or a Telegram id"),
        level: str = Query("", max_length=60),
        locale: str = Query("", max_length=8),
        is_guest: bool | None = None,
    ) -> None:
        self.q, self.level, self.locale, self.is_guest = q, level, locale, is_guest


async def _fetch(
    session: AsyncSession, actor: Actor, filters: CustomerFilters, page: Page
) -> tuple[list[CustomerOut], str | None]:
    wanted = people.customers(actor, q=filters.q, level=filters.level, locale=filters.locale, is_guest=filters.is_guest)
    rows, after = await fetch_page(session, wanted, page, IdentityCustomer.created_at, IdentityCustomer.id)
    return [_out(people.card_of(row)) for row in rows], after


for path in ("/customers", "/users"):
    add_list(router, path, CustomerOut, _fetch, actor=StaffActor, filters=CustomerFilters, title="Customers")


@router.get("/customers/{customer_id}")
@router.get("/users/{customer_id}", name="get_user")
async def get_customer(customer_id: UUID, actor: StaffActor, session: Tx) -> CustomerOut:
    """One customer."""
    return _out(await people.get_card(session, actor, customer_id))


@router.put("/customers/{customer_id}")
@router.put("/users/{customer_id}", name="put_user")
async def put_customer(customer_id: UUID, body: CustomerChange, actor: StaffActor, session: Tx) -> CustomerOut:
    """Change what staff remember of a customer."""
    return _out(await people.change_note(session, actor, customer_id, body.note))


@router.get("/customers/{customer_id}/sessions")
async def get_customer_sessions(customer_id: UUID, actor: StaffActor, session: Tx) -> ListOut[SessionOut]:
    """Where a customer is signed in."""
    found = await people.list_customer_sessions(session, actor, customer_id)
    items = [
        SessionOut(
            id=item.id, ip=item.ip, user_agent=item.user_agent, created_at=item.created_at, used_at=item.used_at,
            expires_at=item.expires_at, is_current=False,
        )
        for item in found
    ]  # fmt: skip
    return ListOut(items=items, next_cursor=None)


@router.post("/customers/{customer_id}/sign-out")
async def sign_customer_out(customer_id: UUID, body: Reason, actor: StaffActor, session: Tx) -> SignedOut:
    """Sign a customer out everywhere and revoke their keys."""
    return SignedOut(sessions=await people.close_customer_sessions(session, actor, customer_id, body.reason))


@router.get(
    "/customers/{customer_id}/data", response_class=Response, responses={200: {"content": {"application/zip": {}}}}
)
async def export_customer(request: Request, customer_id: UUID, actor: StaffActor, session: Tx) -> Response:
    """Everything that is kept about a customer, as a ZIP of JSON files; that it was taken is in the audit log."""
    data = await privacy.export_customer(session, app_of(request).get(Holders), actor, customer_id)
    headers = {"Content-Disposition": f'attachment; filename="{customer_id}.zip"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/zip", headers=headers)


@router.post("/customers/{customer_id}/erase", status_code=204)
async def erase_customer(request: Request, customer_id: UUID, body: Reason, actor: StaffActor, session: Tx) -> None:
    """Forget who a customer is; orders and entries stay under the customer's number."""
    await privacy.erase_customer(session, app_of(request).get(Holders), actor, customer_id, body.reason)


@router.delete("/users/{customer_id}", status_code=204)
async def delete_user(
    request: Request,
    customer_id: UUID,
    actor: StaffActor,
    session: Tx,
    reason: str = Query(min_length=1, max_length=500),
) -> None:
    """The same by its older name."""
    await privacy.erase_customer(session, app_of(request).get(Holders), actor, customer_id, reason)


def _out(card: people.CustomerCard) -> CustomerOut:
    return CustomerOut.model_validate(card, from_attributes=True)
