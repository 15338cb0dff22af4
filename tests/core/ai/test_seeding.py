"""AI-1: the seed may be loaded as often as one likes, and what the owner changed survives it."""

import asyncio
from dataclasses import replace
from uuid import UUID

from sqlalchemy import text

from kassa.core import ai
from kassa.kit import ids
from kassa.kit.crypto import Vault
from kassa.kit.db import Database

DRIVERS = ("openai_chat", "openai_responses", "anthropic", "gemini")
TABLES = ("ai_model", "ai_model_price", "ai_endpoint", "ai_key", "ai_route")


async def dump(database: Database) -> dict[str, list[str]]:
    async with database.transaction() as session:
        return {
            table: [str(row) for row in await session.execute(text(f"select * from {table} order by id"))]
            for table in TABLES
        }


def with_price(catalogue: ai.Catalogue, slug: str, price: dict[str, int]) -> ai.Catalogue:
    models = tuple(replace(m, price=price) if m.slug == slug else m for m in catalogue.models)
    return replace(catalogue, models=models)


async def test_loading_twice_changes_nothing(database: Database, organization: UUID, vault: Vault) -> None:
    before = await dump(database)
    async with database.transaction() as session:
        await ai.seed_catalogue(session, organization, ai.load_catalogue())
        await ai.seed_endpoints(session, organization, vault, [ai.EndpointSeed("openai", "", "sk-openai-0001")])
    assert await dump(database) == before
    assert len(before["ai_model"]) == 27


async def test_processes_that_start_together_seed_once(database: Database, vault: Vault) -> None:
    organization_id = ids.new()

    async def start() -> None:
        async with database.transaction() as session:
            await ai.seed_catalogue(session, organization_id, ai.load_catalogue())
            await ai.seed_endpoints(session, organization_id, vault, [ai.EndpointSeed("openai", "", "sk-openai-0001")])

    await asyncio.gather(*(start() for _ in range(4)))
    async with database.transaction() as session:
        assert len(await ai.list_keys(session, organization_id)) == 1
        assert len(await ai.list_models(session, organization_id, (), only_sellable=False)) == 27


async def test_only_models_with_a_driver_and_a_key_are_listed(database: Database, organization: UUID) -> None:
    async with database.transaction() as session:
        on_sale = await ai.list_models(session, organization, DRIVERS)
        everything = await ai.list_models(session, organization, DRIVERS, only_sellable=False)
        none = await ai.list_models(session, organization, ())
    slugs = [card.slug for card in on_sale]
    assert slugs == ["chatgpt-4-omni", "chatgpt-4-omni-mini", "gemini-pro", "claude-sonnet"]
    assert len(everything) == 27
    assert none == []


async def test_a_price_of_the_owner_is_the_last_word(database: Database, organization: UUID) -> None:
    seed = ai.load_catalogue()
    async with database.transaction() as session:
        await ai.set_price(session, organization, "deepseek", {"base": 555})
        await ai.seed_catalogue(session, organization, with_price(seed, "deepseek", {"base": 900}))
        await ai.seed_catalogue(session, organization, with_price(seed, "sonar", {"base": 1100}))
        deepseek = await ai.list_prices(session, organization, "deepseek")
        sonar = await ai.list_prices(session, organization, "sonar")
    assert [(price.version, price.price, price.source) for price in deepseek] == [
        (2, {"base": 555}, "owner"),
        (1, {"base": 800}, "seed"),
    ]
    assert [price.price for price in sonar] == [{"base": 1100}, {"base": 1000}]


async def test_an_edited_model_and_endpoint_stay(database: Database, organization: UUID, vault: Vault) -> None:
    async with database.transaction() as session:
        await ai.update_model(
            session, organization, "sonar", {"visible": False, "title": {"ru": "Поиск", "en": "Search"}}
        )
        await ai.update_endpoint(session, organization, "openai", {"base_url": "https://reseller.example/v1"})
        await ai.seed_catalogue(session, organization, ai.load_catalogue())
        seeds = [
            ai.EndpointSeed("openai", "http://127.0.0.1:1/openai/v1"),
            ai.EndpointSeed("gemini", "http://127.0.0.1:1/gemini"),
        ]
        await ai.seed_endpoints(session, organization, vault, seeds)
        endpoints = {card.name: card.base_url for card in await ai.list_endpoints(session, organization)}
        sonar = await ai.get_model(session, organization, "sonar", DRIVERS)
        await ai.seed_catalogue(session, organization, ai.load_catalogue())
        later = {card.name: card.base_url for card in await ai.list_endpoints(session, organization)}
    assert later["gemini"] == "https://generativelanguage.googleapis.com"
    assert endpoints["openai"] == later["openai"] == "https://reseller.example/v1"
    assert endpoints["gemini"] == "http://127.0.0.1:1/gemini"
    assert sonar.title["en"] == "Search"
    assert not sonar.visible


async def test_a_new_key_in_the_settings_replaces_the_old(
    database: Database, organization: UUID, vault: Vault, gateway: ai.Gateway
) -> None:
    async with database.transaction() as session:
        (key,) = [key for key in await ai.list_keys(session, organization) if key.endpoint == "openai"]
        await ai.disable_key(session, organization, key.id)
        await ai.seed_endpoints(session, organization, vault, [ai.EndpointSeed("openai", "", "sk-openai-0002")])
        keys = [key for key in await ai.list_keys(session, organization) if key.endpoint == "openai"]
        secrets = list(await session.scalars(text("select secret from ai_key")))
    assert [(key.hint, key.state, key.source) for key in keys] == [("…0002", "active", "settings")]
    assert not any("sk-" in secret for secret in secrets)
    model = await gateway.pool.model(organization, "chatgpt-4-omni")
    assert model.routes[0].keys[0].secret == "sk-openai-0002"


async def test_a_disabled_key_of_the_settings_stays_disabled(
    database: Database, organization: UUID, vault: Vault
) -> None:
    async with database.transaction() as session:
        (key,) = [key for key in await ai.list_keys(session, organization) if key.endpoint == "openai"]
        await ai.disable_key(session, organization, key.id)
        await ai.seed_endpoints(session, organization, vault, [ai.EndpointSeed("openai", "", "sk-openai-0001")])
        (after,) = [key for key in await ai.list_keys(session, organization) if key.endpoint == "openai"]
    assert after.state == "disabled"


async def test_organizations_do_not_see_one_another(database: Database, organization: UUID) -> None:
    async with database.transaction() as session:
        assert await ai.list_models(session, ids.new(), DRIVERS, only_sellable=False) == []
        assert await ai.list_keys(session, ids.new()) == []


async def test_a_route_that_left_the_seed_is_switched_off(database: Database, organization: UUID) -> None:
    seed = ai.load_catalogue()
    models = tuple(
        replace(m, routes=tuple(r for r in m.routes if r.upstream != "gpt-4o")) if m.slug == "chatgpt-4-omni" else m
        for m in seed.models
    )
    async with database.transaction() as session:
        await ai.seed_catalogue(session, organization, replace(seed, models=models))
        routes = {
            route.upstream_name: route.enabled
            for route in await ai.list_routes(session, organization, DRIVERS)
            if route.model == "chatgpt-4-omni"
        }
    assert routes == {"gpt-4o": False, "gpt-5.4": True}
