"""Rules with versions, counters, places, refusals, blocks, flags, experiments and word lists."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import CIDR
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class PoliciesHead(Base):
    """What is in force in an organization. `version` grows with every change of rules, flags, experiments and words;
    whoever decides by an older one is told so by the statement that counts."""

    __tablename__ = "policies_head"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    rules_number: Mapped[int] = mapped_column(Integer)
    """Zero while the built-in rules are in force."""


class PoliciesRules(Base):
    """A set of rules as somebody saved it. Never changed; rolling back saves an old text anew."""

    __tablename__ = "policies_rules"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str]
    note: Mapped[str]
    author_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class PoliciesCounter(Base):
    """How often something happened in the window that closes at `closes_at`."""

    __tablename__ = "policies_counter"
    __table_args__ = (
        Index("ix_policies_counter_closes_at", "closes_at"),
        # Room on the page, so that a count is changed in place and no index is touched.
        {"postgresql_with": {"fillfactor": "70"}},
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    count: Mapped[int]
    ceiling: Mapped[int]
    closes_at: Mapped[datetime]


class PoliciesPlace(Base):
    """A place held by something that lasts, as a connection; it is free again when its lease ends."""

    __tablename__ = "policies_place"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    until: Mapped[datetime]


class PoliciesRefusal(Base):
    """Something that was refused, with what was known when it was decided; one row a window and subject."""

    __tablename__ = "policies_refusal"
    __table_args__ = (
        UniqueConstraint("organization_id", "window_key"),
        Index("ix_policies_refusal_last", "organization_id", "last_at", "id"),
        Index("ix_policies_refusal_customer", "customer_id", "last_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    window_key: Mapped[UUID]
    action: Mapped[str]
    rule: Mapped[str]
    reason: Mapped[str]
    version: Mapped[int]
    customer_id: Mapped[UUID | None]
    ip: Mapped[str]
    subject: Mapped[dict[str, Any]]
    text: Mapped[str]
    limit: Mapped[int] = mapped_column("limit_value")
    reset_at: Mapped[datetime | None]
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class PoliciesBlock(Base):
    """A customer or a network that gets no service: until a moment, or until somebody lifts it."""

    __tablename__ = "policies_block"
    __table_args__ = (
        CheckConstraint("(customer_id is null) <> (network is null)", name="subject"),
        Index("ix_policies_block_customer", "customer_id", postgresql_where=text("lifted_at is null")),
        Index(
            "ix_policies_block_network", "network", postgresql_using="gist",
            postgresql_ops={"network": "inet_ops"}, postgresql_where=text("lifted_at is null"),
        ),
        Index("ix_policies_block_created", "organization_id", "created_at", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    network: Mapped[str | None] = mapped_column(CIDR)
    reason: Mapped[str]
    rule: Mapped[str]
    """The rule that blocked by itself; empty when a person did."""
    until: Mapped[datetime | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lift_reason: Mapped[str]


class PoliciesFlag(Base):
    """A switch, and for whom it is on."""

    __tablename__ = "policies_flag"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    note: Mapped[str]
    is_on: Mapped[bool]
    audience: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class PoliciesExperiment(Base):
    """A comparison of variants: who sees which, and what is counted as success."""

    __tablename__ = "policies_experiment"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    name: Mapped[str]
    note: Mapped[str]
    goal: Mapped[str]
    variants: Mapped[list[Any]]
    audience: Mapped[dict[str, Any]]
    status: Mapped[str]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class PoliciesExposure(Base):
    """Which variant a subject sees for good, since when, and when it reached the goal."""

    __tablename__ = "policies_exposure"

    experiment_id: Mapped[UUID] = mapped_column(ForeignKey("policies_experiment.id"), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant: Mapped[str]
    exposed_at: Mapped[datetime]
    converted_at: Mapped[datetime | None]
    value: Mapped[int]


class PoliciesWords(Base):
    """A list of words that prompts and names of uploads must not have."""

    __tablename__ = "policies_words"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    is_on: Mapped[bool]
    reason: Mapped[str]
    words: Mapped[list[str]]
    updated_at: Mapped[datetime]
