"""The running of this installation for staff, over HTTP: health, checks, jobs, the inbox, settings."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import channels, identity
from kassa.core.access import Actor, Permission, StaffActor
from kassa.core.i18n import Texts
from kassa.kit import job_queue
from kassa.kit.errors import Invalid
from kassa.kit.listing import Page, decode_cursor, encode_cursor
from kassa.kit.lists import ListOut, add_list
from kassa.kit.module import Module
from kassa.kit.web import ERRORS, Tx, app_of
from kassa.runtime import doctor, health, supervision
from kassa.runtime.settings import Settings

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)

Number = Annotated[int, Path(ge=0, lt=2**63)]
"""A number of the database's."""


class HealthOut(BaseModel):
    """The state of every dependency; `findings` are what the doctor saw."""

    status: str
    version: str
    mode: str
    checks: dict[str, Any]


class FindingOut(BaseModel):
    """One thing that was looked at: ok, warning or error, and what to do."""

    name: str
    state: str
    detail: str
    advice: str


class CheckOut(BaseModel):
    """A check of ledger and money; `examples` are the first rows that break it."""

    name: str
    ok: bool
    examples: list[dict[str, Any]]


class JobOut(BaseModel):
    """A job on the queue: waiting, running or failed for good."""

    id: int
    name: str
    status: str
    attempts: int
    arguments: dict[str, Any]
    error: str
    created_at: datetime
    due_at: datetime
    updated_at: datetime


class UpdateOut(BaseModel):
    """Something that came in from a channel."""

    bot_id: UUID
    update_id: int
    chat_id: int
    state: str
    attempts: int
    error: str | None
    received_at: datetime
    handled_at: datetime | None


class ScheduleOut(BaseModel):
    """Recurring work."""

    job: str
    every_s: float
    next_run_at: datetime
    last_run_at: datetime | None


class SettingsOut(BaseModel):
    """What was decided before the start (secrets only as set or not), and what the organization decides itself."""

    effective: dict[str, Any]
    organization: "OrganizationIn"
    locales: list[str]


class OrganizationIn(BaseModel):
    """The organization's own settings."""

    name: str
    default_locale: str


class JobFilters:
    """Which jobs."""

    def __init__(
        self,
        status: str = Query("", pattern="^(queued|picked|failed)?$"),
        q: str = Query("", max_length=100, description="In the job's name"),
    ) -> None:
        self.status, self.q = status, q


class UpdateFilters:
    """Which updates."""

    def __init__(self, state: str = Query("", pattern="^(new|done|failed)?$")) -> None:
        self.state = state


@router.get("/health")
async def get_health(request: Request, actor: StaffActor) -> HealthOut:
    """Whether this installation can do its work, dependency by dependency."""
    actor.require(Permission.OPERATIONS_VIEW)
    return HealthOut(**await health.report(app_of(request)))


@router.post("/health/examine")
async def examine(request: Request, actor: StaffActor) -> ListOut[FindingOut]:
    """Let the doctor look at everything: it asks every outside service and takes some seconds."""
    actor.require(Permission.OPERATIONS_VIEW)
    found = await doctor.examine(app_of(request))
    return ListOut(items=[FindingOut.model_validate(item, from_attributes=True) for item in found], next_cursor=None)


@router.post("/ledger/checks")
async def run_checks(request: Request, actor: StaffActor) -> ListOut[CheckOut]:
    """Run every check of ledger and money now."""
    actor.require(Permission.LEDGER_CHECK)
    return ListOut(items=[CheckOut(**item) for item in await doctor.check_ledger(app_of(request))], next_cursor=None)


async def _fetch_jobs(
    session: AsyncSession, actor: Actor, filters: JobFilters, page: Page
) -> tuple[list[JobOut], str | None]:
    actor.require(Permission.OPERATIONS_VIEW)
    found = await job_queue.list_jobs(session, filters.status, filters.q, page.limit + 1, _before(page))
    items = [JobOut.model_validate(item, from_attributes=True) for item in found[: page.limit]]
    return items, encode_cursor(items[-1].id) if len(found) > page.limit else None


async def _fetch_updates(
    session: AsyncSession, actor: Actor, filters: UpdateFilters, page: Page
) -> tuple[list[UpdateOut], str | None]:
    found, after = await channels.inbox_page(session, actor, filters.state, page)
    return [
        UpdateOut(
            bot_id=item.bot_id, update_id=item.update_id, chat_id=item.chat_id, state=item.state,
            attempts=item.attempts, error=item.error, received_at=item.received_at, handled_at=item.handled_at,
        )
        for item in found
    ], after  # fmt: skip


add_list(router, "/jobs", JobOut, _fetch_jobs, actor=StaffActor, filters=JobFilters, title="Jobs")
add_list(router, "/inbox/updates", UpdateOut, _fetch_updates, actor=StaffActor, filters=UpdateFilters, title="Updates")


@router.post("/jobs/{job_id}/replay", status_code=202)
async def replay_job(job_id: Number, actor: StaffActor, session: Tx) -> dict[str, bool]:
    """Try a failed job once more, with all its attempts."""
    await supervision.replay_job(session, actor, job_id)
    return {"ok": True}


@router.post("/inbox/updates/{bot_id}/{update_id}/replay", status_code=202)
async def replay_update(bot_id: UUID, update_id: Number, actor: StaffActor, session: Tx) -> dict[str, bool]:
    """Handle a failed update once more."""
    await channels.replay_update(session, actor, bot_id, update_id)
    return {"ok": True}


@router.get("/schedules")
async def get_schedules(actor: StaffActor, session: Tx) -> ListOut[ScheduleOut]:
    """Recurring work: when each ran and runs next."""
    actor.require(Permission.OPERATIONS_VIEW)
    found = await job_queue.list_schedules(session)
    return ListOut(items=[ScheduleOut(**item) for item in found], next_cursor=None)


@router.get("/settings")
async def get_settings(request: Request, actor: StaffActor, session: Tx) -> SettingsOut:
    """The settings in force."""
    actor.require(Permission.SETTINGS_VIEW)
    app = app_of(request)
    here = await identity.get_organization(session, actor.organization_id)
    return SettingsOut(
        effective=doctor.effective(app.get(Settings)),
        organization=OrganizationIn(name=here.name, default_locale=here.default_locale),
        locales=app.get(Texts).locales,
    )


@router.put("/settings")
async def put_settings(request: Request, body: OrganizationIn, actor: StaffActor, session: Tx) -> SettingsOut:
    """Change the organization's own settings."""
    if body.default_locale not in app_of(request).get(Texts).locales:
        raise Invalid("identity.locale_unknown", "There are no texts in this language")
    await identity.change_organization(session, actor, body.name, body.default_locale)
    await session.flush()
    return await get_settings(request, actor, session)


def _before(page: Page) -> int | None:
    if page.cursor is None:
        return None
    key = decode_cursor(page.cursor)
    if len(key) != 1 or type(key[0]) is not int or abs(key[0]) >= 2**63:
        raise Invalid("request.cursor_invalid", "This cursor is not one of ours")
    return key[0]


module = Module("operations", routers=[router])
