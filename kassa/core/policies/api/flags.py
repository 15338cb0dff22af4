"""Flags, experiments and word lists: the panel's routes (POL-4, POL-5)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, Permission, StaffActor
from kassa.core.policies import experiments, flags, wordlists
from kassa.core.policies.audience import Audience
from kassa.core.policies.experiments import Variant
from kassa.core.policies.models import PoliciesExperiment, PoliciesFlag, PoliciesWords
from kassa.core.policies.words import WordList, check_words, first_found
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import ListOut, add_list
from kassa.kit.web import ERRORS, Tx

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)

Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class FlagOut(BaseModel):
    """A switch, and for whom it is on."""

    name: str
    note: str
    is_on: bool
    audience: Audience
    updated_at: datetime


class FlagIn(BaseModel):
    """How a flag stands from now on."""

    is_on: bool
    audience: Audience = Audience()
    note: str = Field(default="", max_length=500)
    reason: str = Field(default="", max_length=500)


class ExperimentOut(BaseModel):
    """An experiment; the first variant is what the others are compared with."""

    id: UUID
    name: str
    note: str
    goal: str
    variants: list[Variant]
    audience: Audience
    status: str
    created_at: datetime
    started_at: datetime | None
    stopped_at: datetime | None


class ExperimentIn(BaseModel):
    """An experiment to write down; it begins when it is started."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    goal: str = Field(default="order_paid", pattern=r"^[a-z][a-z0-9_.]{0,62}$")
    variants: list[Variant] = Field(min_length=2, max_length=20)
    audience: Audience = Audience()
    note: str = Field(default="", max_length=500)


class ResultOut(BaseModel):
    """A line of the result table. Rates and their 95 % interval are parts of 1; `p_value` is how likely so large a
    difference from the first variant is by chance alone."""

    variant: str
    exposed: int
    converted: int
    value: int
    rate: float
    low: float
    high: float
    lift: float | None
    p_value: float | None


class ExperimentFilters:
    """What to look for."""

    def __init__(self, status: str = Query("", pattern="^(|draft|running|stopped)$")) -> None:
        self.status = status


class WordsOut(BaseModel):
    """A list of words; `reason` is what the writer of a refused text is told."""

    name: str
    is_on: bool
    reason: str
    words: list[str]
    updated_at: datetime


class WordsIn(BaseModel):
    """How a list stands from now on. An entry is a word in any form, a phrase, or a beginning written with `*`."""

    words: list[str] = Field(max_length=5000)
    is_on: bool = True
    reason: str = Field(default="", max_length=500)


class TextIn(BaseModel):
    """A text to look through with some words; with none, the saved lists are not asked either."""

    text: str = Field(max_length=30_000)
    words: list[str] = Field(max_length=5000)


class FoundOut(BaseModel):
    """The entry that was found; null when the text is clean."""

    entry: str | None


async def _fetch_flags(
    session: AsyncSession, actor: Actor, _filters: Any, page: Page
) -> tuple[list[FlagOut], str | None]:
    rows, after = await fetch_page(session, flags.flags(actor), page, PoliciesFlag.name, ascending=True)
    return [FlagOut.model_validate(flags.flag_of(row), from_attributes=True) for row in rows], after


add_list(router, "/flags", FlagOut, _fetch_flags, actor=StaffActor, title="Flags")


@router.put("/flags/{name}")
async def put_flag(name: Name, body: FlagIn, actor: StaffActor, session: Tx) -> FlagOut:
    """Make or change a flag: in every process, from now on."""
    saved = await flags.save_flag(
        session, actor, name, is_on=body.is_on, audience=body.audience, note=body.note, reason=body.reason
    )
    return FlagOut.model_validate(saved, from_attributes=True)


@router.delete("/flags/{name}", status_code=204)
async def delete_flag(name: Name, actor: StaffActor, session: Tx, reason: str = Query("", max_length=500)) -> None:
    """Forget a flag: it is off for everybody."""
    await flags.remove_flag(session, actor, name, reason)


async def _fetch_experiments(
    session: AsyncSession, actor: Actor, filters: ExperimentFilters, page: Page
) -> tuple[list[ExperimentOut], str | None]:
    wanted = experiments.experiments(actor, filters.status)
    rows, after = await fetch_page(session, wanted, page, PoliciesExperiment.created_at, PoliciesExperiment.id)
    return [_experiment(experiments.experiment_of(row)) for row in rows], after


add_list(
    router, "/experiments", ExperimentOut, _fetch_experiments, actor=StaffActor, filters=ExperimentFilters,
    title="Experiments",
)  # fmt: skip


@router.post("/experiments", status_code=201)
async def post_experiment(body: ExperimentIn, actor: StaffActor, session: Tx) -> ExperimentOut:
    """Write an experiment down."""
    made = await experiments.add_experiment(
        session, actor, body.name, goal=body.goal, variants=body.variants, audience=body.audience, note=body.note
    )
    return _experiment(made)


@router.post("/experiments/{experiment_id}/start")
async def start_experiment(experiment_id: UUID, actor: StaffActor, session: Tx) -> ExperimentOut:
    """Begin: who looks from now on sees a variant, and keeps it."""
    return _experiment(await experiments.start(session, actor, experiment_id))


@router.post("/experiments/{experiment_id}/stop")
async def stop_experiment(experiment_id: UUID, actor: StaffActor, session: Tx) -> ExperimentOut:
    """End for good; the results stay."""
    return _experiment(await experiments.stop(session, actor, experiment_id))


@router.get("/experiments/{experiment_id}/results")
async def get_results(experiment_id: UUID, actor: StaffActor, session: Tx) -> ListOut[ResultOut]:
    """Variant by variant: how many saw it, how many reached the goal, and how sure that is."""
    found = await experiments.results(session, actor, experiment_id)
    return ListOut(items=[ResultOut.model_validate(item, from_attributes=True) for item in found], next_cursor=None)


async def _fetch_words(
    session: AsyncSession, actor: Actor, _filters: Any, page: Page
) -> tuple[list[WordsOut], str | None]:
    rows, after = await fetch_page(session, wordlists.word_lists(actor), page, PoliciesWords.name, ascending=True)
    return [WordsOut.model_validate(wordlists.words_of(row), from_attributes=True) for row in rows], after


add_list(router, "/moderation/words", WordsOut, _fetch_words, actor=StaffActor, title="Word lists")


@router.put("/moderation/words/{name}")
async def put_words(name: Name, body: WordsIn, actor: StaffActor, session: Tx) -> WordsOut:
    """Make or change a list of words: in every process, from now on."""
    saved = await wordlists.save_words(session, actor, name, body.words, is_on=body.is_on, reason=body.reason)
    return WordsOut.model_validate(saved, from_attributes=True)


@router.delete("/moderation/words/{name}", status_code=204)
async def delete_words(name: Name, actor: StaffActor, session: Tx) -> None:
    """Forget a list of words."""
    await wordlists.remove_words(session, actor, name)


@router.post("/moderation/try")
async def try_words(body: TextIn, actor: StaffActor) -> FoundOut:
    """Look through a text with words that need not be saved."""
    actor.require(Permission.POLICIES_VIEW)
    found = first_found((WordList("trial", "", tuple(check_words(body.words))),), body.text)
    return FoundOut(entry=found[1] if found else None)


def _experiment(found: experiments.ExperimentInfo) -> ExperimentOut:
    return ExperimentOut.model_validate(found, from_attributes=True)
