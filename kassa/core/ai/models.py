"""Tables of the gateway: the catalogue, where it is bought, with which keys, and answers kept for a day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit import ids
from kassa.kit.db import Base


class Model(Base):
    """A model as customers know it; its name stays when the upstream behind it is replaced."""

    __tablename__ = "ai_model"
    __table_args__ = (UniqueConstraint("organization_id", "slug"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    organization_id: Mapped[UUID]
    slug: Mapped[str]
    family: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[dict[str, Any]]
    description: Mapped[dict[str, Any]]
    badges: Mapped[list[Any]]
    abilities: Mapped[dict[str, Any]]
    limits: Mapped[dict[str, Any]]
    params_schema: Mapped[list[Any]]
    policy: Mapped[dict[str, Any]]
    released_on: Mapped[date | None]
    deprecated_on: Mapped[date | None]
    shutdown_on: Mapped[date | None]
    successor: Mapped[str] = mapped_column(default="")
    cache_enabled: Mapped[bool] = mapped_column(default=False)
    cache_ttl_s: Mapped[int] = mapped_column(default=86_400)
    cache_price_percent: Mapped[int] = mapped_column(default=100)
    visible: Mapped[bool] = mapped_column(default=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    # Set when the owner changes the row; the seed never touches it again.
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelPrice(Base):
    """A version of a model's price. Rows are only ever added; a hold names the version it was quoted from."""

    __tablename__ = "ai_model_price"
    __table_args__ = (UniqueConstraint("model_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    organization_id: Mapped[UUID]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("ai_model.id", ondelete="CASCADE"))
    version: Mapped[int]
    price: Mapped[dict[str, Any]]
    source: Mapped[str]
    valid_from: Mapped[datetime] = mapped_column(server_default=func.now())


class ProviderEndpoint(Base):
    """An address where models are bought: a vendor's own, a reseller's, or a server of the owner's."""

    __tablename__ = "ai_endpoint"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    organization_id: Mapped[UUID]
    name: Mapped[str]
    provider: Mapped[str]
    base_url: Mapped[str]
    options: Mapped[dict[str, Any]]
    timeouts: Mapped[dict[str, Any]]
    enabled: Mapped[bool] = mapped_column(default=True)
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Key(Base):
    """A key of an endpoint, its secret encrypted, and whether it may be used now."""

    __tablename__ = "ai_key"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "fingerprint"),
        # One key per endpoint comes from the settings; it is replaced, not added to, when the setting changes.
        Index("uq_ai_key_settings", "endpoint_id", unique=True, postgresql_where="source = 'settings'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    organization_id: Mapped[UUID]
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("ai_endpoint.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(default="")
    secret: Mapped[str]
    fingerprint: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    # Keys of one account share its limit of parallel requests; empty means the key is an account of its own.
    account_tag: Mapped[str] = mapped_column(default="")
    weight: Mapped[int] = mapped_column(default=1)
    concurrency: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="active")
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    fails: Mapped[int] = mapped_column(default=0)
    last_ok_at: Mapped[datetime | None]
    # Upstream names this key may not use, each with the time it is tried again (ISO 8601).
    blocked_models: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    source: Mapped[str] = mapped_column(default="owner")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Route(Base):
    """One way to buy a model: endpoint, driver and upstream name. Lower priority numbers are tried first."""

    __tablename__ = "ai_route"
    __table_args__ = (UniqueConstraint("model_id", "endpoint_id", "driver", "upstream_name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    organization_id: Mapped[UUID]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("ai_model.id", ondelete="CASCADE"))
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("ai_endpoint.id", ondelete="CASCADE"), index=True)
    driver: Mapped[str]
    upstream_name: Mapped[str]
    priority: Mapped[int] = mapped_column(default=1)
    weight: Mapped[int] = mapped_column(default=1)
    cost: Mapped[dict[str, Any]]
    param_map: Mapped[dict[str, Any]]
    shutdown_on: Mapped[date | None]
    enabled: Mapped[bool] = mapped_column(default=True)
    blocked_until: Mapped[datetime | None]
    blocked_reason: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="owner")
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Lease(Base):
    """One of an account's parallel requests in flight; a lease that outlived its time counts as finished."""

    __tablename__ = "ai_lease"
    __table_args__ = (Index("ix_ai_lease_account", "endpoint_id", "account_tag"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    organization_id: Mapped[UUID]
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("ai_endpoint.id", ondelete="CASCADE"))
    account_tag: Mapped[str]
    until: Mapped[datetime]


class CachedAnswer(Base):
    """An answer kept for a day, or the claim of the one request that is fetching it."""

    __tablename__ = "ai_cache"
    __table_args__ = (Index("ix_ai_cache_expires_at", "expires_at"),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    model: Mapped[str]
    owner: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None]
    hits: Mapped[int] = mapped_column(default=0)
    last_hit_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
