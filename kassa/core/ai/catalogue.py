"""The seed of the catalogue: a YAML file read strictly into frozen data."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from . import params, pricing
from .reading import CatalogueError, Reader
from .types import Family

SEED = Path(__file__).with_name("catalogue.yaml")
VERSION = 1
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where it was built: seventeen times as fast, and each start reads the catalogue."""

# The kinds of drivers that exist or are planned; a slip in a name would hide a model for ever.
DRIVERS = (
    "openai_chat", "openai_responses", "anthropic", "gemini", "openai_images", "openai_audio", "openai_embeddings",
    "gemini_images", "multipart_tool", "queue_fal", "queue_replicate", "queue_kie", "kling", "luma", "minimax",
    "gemini_interactions", "suno", "mj_proxy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeedEndpoint:
    """An address where models are bought."""

    name: str
    provider: str
    base_url: str
    options: dict[str, Any]
    timeouts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SeedRoute:
    """One way to buy a model. `shutdown` is the vendor's announced last day of the upstream."""

    endpoint: str
    driver: str
    upstream: str
    priority: int
    weight: int
    shutdown: date | None
    cost: dict[str, Any]
    param_map: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SeedModel:
    """A model for sale."""

    slug: str
    family: Family
    title: dict[str, Any]
    description: dict[str, Any]
    badges: list[str]
    abilities: dict[str, Any]
    limits: dict[str, Any]
    params_schema: list[dict[str, Any]]
    policy: dict[str, Any]
    released: date | None
    deprecated: date | None
    shutdown: date | None
    successor: str
    cache_enabled: bool
    cache_ttl_s: int
    cache_price_percent: int
    price: dict[str, Any]
    routes: tuple[SeedRoute, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole seed."""

    endpoints: tuple[SeedEndpoint, ...]
    models: tuple[SeedModel, ...]


def load_catalogue(path: Path = SEED) -> Catalogue:
    """Read a catalogue. Raises CatalogueError naming the file, the key, the value and what is allowed."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both loaders are safe ones
    except (OSError, yaml.YAMLError) as error:
        raise CatalogueError(str(path), str(error), "a readable YAML file") from error
    return parse_catalogue(data, path.name)


def parse_catalogue(data: Any, where: str) -> Catalogue:
    """The catalogue in data. Raises CatalogueError."""
    reader = Reader(data, where)
    reader.integer("version", minimum=VERSION, maximum=VERSION)
    endpoints = tuple(_endpoint(item) for item in reader.items("endpoints"))
    names = {endpoint.name for endpoint in endpoints}
    model_readers = reader.items("models")
    models = tuple(_model(item, names) for item in model_readers)
    reader.finish()
    _require_unique([endpoint.name for endpoint in endpoints], f"{where}.endpoints")
    slugs = [model.slug for model in models]
    _require_unique(slugs, f"{where}.models")
    for model, item in zip(models, model_readers, strict=True):
        if model.successor and model.successor not in slugs:
            raise CatalogueError(f"{item.where}.lifecycle.successor", model.successor, "the slug of a model")
    return Catalogue(endpoints, models)


def _endpoint(reader: Reader) -> SeedEndpoint:
    endpoint = SeedEndpoint(
        name=reader.text("name"),
        provider=reader.text("provider"),
        base_url=reader.text("base_url", ""),
        options=reader.mapping("options"),
        timeouts=reader.mapping("timeouts"),
    )
    if endpoint.base_url and not endpoint.base_url.startswith(("http://", "https://")):
        raise CatalogueError(f"{reader.where}.base_url", endpoint.base_url, "an address with http:// or https://")
    reader.finish()
    return endpoint


def _model(reader: Reader, endpoints: set[str]) -> SeedModel:
    slug = reader.text("slug")
    # From here on errors name the model, which says more than its position.
    reader.where = f"{reader.where.rpartition('.')[0]}.models[{slug}]"
    lifecycle = reader.optional("lifecycle") or Reader({}, f"{reader.where}.lifecycle")
    cache = reader.optional("cache") or Reader({}, f"{reader.where}.cache")
    routes = reader.items("routes")
    price = reader.value("price")
    pricing.parse_price(price, f"{reader.where}.price")
    family = Family(reader.choice("family", [family.value for family in Family]))
    model = SeedModel(
        slug=slug,
        family=family,
        title=reader.titles("title"),
        description=reader.titles("description"),
        badges=list(reader.texts("badges")),
        abilities=reader.mapping("abilities"),
        limits=reader.mapping("limits"),
        params_schema=params.parse_schema(reader.items("params")),
        policy=reader.mapping("policy"),
        released=lifecycle.day("released"),
        deprecated=lifecycle.day("deprecated"),
        shutdown=lifecycle.day("shutdown"),
        successor=lifecycle.text("successor", ""),
        cache_enabled=cache.flag("enabled", False),
        cache_ttl_s=cache.integer("ttl_s", 86_400, minimum=1),
        cache_price_percent=cache.integer("price_percent", 100, maximum=100),
        price=price,
        routes=tuple(_route(item, endpoints) for item in routes),
    )
    for part in (reader, lifecycle, cache):
        part.finish()
    if not model.routes:
        raise CatalogueError(f"{reader.where}.routes", [], "at least one route")
    return model


def _route(reader: Reader, endpoints: set[str]) -> SeedRoute:
    cost = reader.mapping("cost")
    if cost:
        pricing.parse_price(cost, f"{reader.where}.cost")
    route = SeedRoute(
        endpoint=reader.choice("endpoint", sorted(endpoints)),
        driver=reader.choice("driver", DRIVERS),
        upstream=reader.text("upstream"),
        priority=reader.integer("priority", 1, minimum=1, maximum=1000),
        weight=reader.integer("weight", 1, minimum=1, maximum=1000),
        shutdown=reader.day("shutdown"),
        cost=cost,
        param_map=reader.mapping("param_map"),
    )
    reader.finish()
    param_map = Reader(route.param_map, f"{reader.where}.param_map")
    for key in ("drop", "as_text"):
        param_map.texts(key)
    for key in ("set", "rename"):
        param_map.mapping(key)
    param_map.finish()
    return route


def _require_unique(names: list[str], where: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise CatalogueError(where, name, "a name that is used once")
