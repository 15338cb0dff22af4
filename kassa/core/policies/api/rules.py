"""Rules, their versions, trials of them, and what was refused: the panel's routes (POL-1)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, Permission, StaffActor
from kassa.core.policies import explain, refusals, versions
from kassa.core.policies.engine import Policies
from kassa.core.policies.models import PoliciesRefusal, PoliciesRules
from kassa.core.policies.rules import ACTIONS, Document, read_rules
from kassa.core.policies.types import SubjectKind
from kassa.kit.db import Database
from kassa.kit.errors import Invalid
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import add_list
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)


class RuleOut(BaseModel):
    """A rule as it was understood."""

    name: str
    note: str
    enabled: bool
    actions: list[str]
    per: str
    when: dict[str, list[str]]
    unless: dict[str, list[str]]
    limits: list[str]
    window: str
    deny: str | None
    block: str | None
    max_size: int | None


class RulesOut(BaseModel):
    """A version of the rules: the text, and how it was understood. Number 0 is the built-in one."""

    number: int
    source: str
    note: str
    author_id: UUID | None
    created_at: datetime | None
    timezone: str
    rules: list[RuleOut]


class VersionOut(BaseModel):
    """A version in the list."""

    number: int
    note: str
    author_id: UUID | None
    created_at: datetime


class RulesIn(BaseModel):
    """Rules to put in force: YAML or JSON. `based_on` is the version that was edited."""

    source: str = Field(max_length=200_000)
    note: str = Field(default="", max_length=500)
    based_on: int | None = Field(default=None, ge=0)


class SourceIn(BaseModel):
    """Rules to look at."""

    source: str = Field(max_length=200_000)


class ProblemOut(BaseModel):
    """What is wrong: the line, the key, its value, and what is allowed."""

    line: int
    where: str
    value: str
    problem: str


class CheckedOut(BaseModel):
    """Whether rules can be read, and how they are understood."""

    valid: bool
    problems: list[ProblemOut]
    rules: list[RuleOut]


class RollbackIn(BaseModel):
    """Why an older version comes back."""

    note: str = Field(default="", max_length=500)


class DiffOut(BaseModel):
    """The difference of two versions, as a unified diff."""

    diff: str


class SubjectIn(BaseModel):
    """Who would ask. With a customer their own facts count, unless some are written here."""

    kind: SubjectKind | None = None
    customer_id: UUID | None = None
    api_key_id: UUID | None = None
    ip: str = Field(default="", max_length=64)
    tier: str = Field(default="", max_length=40)
    level: str = Field(default="", max_length=80)
    locale: str = Field(default="", max_length=16)
    country: str = Field(default="", max_length=8)
    bot: str = Field(default="", max_length=80)
    channel: str = Field(default="", max_length=40)
    method: str = Field(default="", max_length=10)
    path: str = Field(default="", max_length=300)
    fingerprint: str = Field(default="", max_length=80)
    size: int = Field(default=0, ge=0, lt=2**53)


class TrialIn(BaseModel):
    """What to try: an action of a subject, or a refusal to decide again; by the rules in force, or by a draft."""

    action: str = Field(default="", max_length=80)
    subject: SubjectIn = SubjectIn()
    refusal_id: UUID | None = None
    source: str | None = Field(default=None, max_length=200_000)


class CounterOut(BaseModel):
    """One limit of a rule for this subject."""

    limit: str
    most: int
    used: int
    closes_at: datetime | None
    is_full: bool


class RuleStateOut(BaseModel):
    """Whether a rule is about the subject, why not when it is not, and where its counters stand."""

    rule: str
    applies: bool
    why: str
    counters: list[CounterOut]
    verdict: str


class ExplanationOut(BaseModel):
    """What would be answered now, and what every rule says. Nothing was counted."""

    verdict: str
    rule: str
    text: str
    retry_at: datetime | None
    subject: dict[str, Any]
    rules: list[RuleStateOut]


class RefusalOut(BaseModel):
    """Something that was refused, with what was known when it was decided; `times` in one window."""

    id: UUID
    action: str
    rule: str
    reason: str
    version: int
    customer_id: UUID | None
    ip: str
    subject: dict[str, Any]
    text: str
    limit: int
    reset_at: datetime | None
    times: int
    first_at: datetime
    last_at: datetime


class RefusalFilters:
    """What to look for."""

    def __init__(
        self,
        action: str = Query("", max_length=80),
        rule: str = Query("", max_length=80),
        reason: str = Query("", max_length=40, description="limit_reached, denied, too_large, blocked"),
        customer_id: UUID | None = None,
        ip: str = Query("", max_length=64),
    ) -> None:
        self.facts: dict[str, Any] = {
            "action": action, "rule": rule, "reason": reason, "customer_id": customer_id, "ip": ip,
        }  # fmt: skip


@router.get("/policies")
async def get_rules(actor: StaffActor, session: Tx) -> RulesOut:
    """The rules in force."""
    return _rules_out(await versions.current_rules(session, actor))


@router.put("/policies")
async def put_rules(body: RulesIn, actor: StaffActor, session: Tx) -> RulesOut:
    """Put rules in force: in every process, from the next request on."""
    return _rules_out(await versions.save_rules(session, actor, body.source, body.note, body.based_on))


@router.post("/policies/check")
async def check_rules(body: SourceIn, actor: StaffActor) -> CheckedOut:
    """Read rules without saving them: what is wrong, or how they are understood."""
    actor.require(Permission.POLICIES_VIEW)
    try:
        document = read_rules(body.source)
    except Invalid as error:
        problems = [ProblemOut(**problem) for problem in error.facts["problems"]]
        return CheckedOut(valid=False, problems=problems, rules=[])
    return CheckedOut(valid=True, problems=[], rules=_rules(document))


@router.post("/policies/trial")
async def try_rules(request: Request, body: TrialIn, actor: StaffActor) -> ExplanationOut:
    """Why was this refused, or would it be? Every rule says whether it applies, why, and where its counters stand."""
    app = app_of(request)
    action, subject = body.action, explain.subject_from(actor.organization_id, body.subject.model_dump())
    if body.refusal_id is not None:
        async with app.get(Database).transaction() as session:
            refusal = await refusals.get_refusal(session, actor, body.refusal_id)
        action, subject = refusal.action, explain.subject_of(refusal, actor.organization_id)
    if not action:
        raise Invalid("policies.action_missing", "Name an action or a refusal", actions=list(ACTIONS))
    found = await explain.explain(app.get(Policies), actor, action, subject, body.source)
    return ExplanationOut.model_validate(found, from_attributes=True)


async def _fetch_versions(
    session: AsyncSession, actor: Actor, _filters: Any, page: Page
) -> tuple[list[VersionOut], str | None]:
    rows, after = await fetch_page(session, versions.versions(actor), page, PoliciesRules.number)
    return [VersionOut.model_validate(row, from_attributes=True) for row in rows], after


add_list(router, "/policies/versions", VersionOut, _fetch_versions, actor=StaffActor, title="Versions of the rules")


@router.get("/policies/versions/{number}")
async def get_version(number: int, actor: StaffActor, session: Tx) -> RulesOut:
    """One version; 0 is the built-in one."""
    return _rules_out(await versions.get_version(session, actor, number))


@router.get("/policies/versions/{number}/diff")
async def get_diff(number: int, actor: StaffActor, session: Tx, to: int = Query(ge=0)) -> DiffOut:
    """What another version has changed."""
    return DiffOut(diff=await versions.compare(session, actor, number, to))


@router.post("/policies/versions/{number}/rollback", status_code=201)
async def roll_back(number: int, body: RollbackIn, actor: StaffActor, session: Tx) -> RulesOut:
    """Put an older version in force again, as a new version."""
    return _rules_out(await versions.roll_back(session, actor, number, body.note))


async def _fetch_refusals(
    session: AsyncSession, actor: Actor, filters: RefusalFilters, page: Page
) -> tuple[list[RefusalOut], str | None]:
    wanted = refusals.refusals(actor, **filters.facts)
    rows, after = await fetch_page(session, wanted, page, PoliciesRefusal.last_at, PoliciesRefusal.id)
    return [RefusalOut.model_validate(refusals.refusal_of(row), from_attributes=True) for row in rows], after


add_list(
    router, "/policies/refusals", RefusalOut, _fetch_refusals, actor=StaffActor, filters=RefusalFilters,
    title="Refusals",
)  # fmt: skip


def _rules_out(found: versions.RulesVersion) -> RulesOut:
    document = read_rules(found.source)
    return RulesOut(
        number=found.number, source=found.source, note=found.note, author_id=found.author_id,
        created_at=found.created_at, timezone=document.timezone, rules=_rules(document),
    )  # fmt: skip


def _rules(document: Document) -> list[RuleOut]:
    return [
        RuleOut(
            name=rule.name, note=rule.note, enabled=rule.enabled, actions=list(rule.actions), per=rule.per,
            when={name: list(values) for name, values in rule.when.asked.items()},
            unless={name: list(values) for name, values in rule.unless.asked.items()},
            limits=[limit.text for limit in rule.limits], window=rule.window, deny=rule.deny,
            block=rule.block.text if rule.block else None, max_size=rule.max_size,
        )
        for rule in document.rules
    ]  # fmt: skip
