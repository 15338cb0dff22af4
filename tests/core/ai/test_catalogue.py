"""AI-1, AI-2: the seed is whole, says what SPEC promises, and mistakes in it are told with their place."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from kassa.core.ai import (
    Catalogue,
    CatalogueError,
    Family,
    fill_params,
    load_catalogue,
    parse_catalogue,
    parse_price,
    quote,
)
from kassa.kit.errors import Invalid

PRICES = {
    "text-embedding": 100,
    "chatgpt-4-omni": 1000, "chatgpt-4-omni-mini": 250, "deepseek": 800, "gemini-pro": 900, "claude-sonnet": 1200,
    "sonar": 1000, "nano-banana": 6380, "gpt-image": 8000, "midjourney": 12000, "stable-diffusion": 5000,
    "recraft": 7000, "face-swap": 6000, "sora-2": 50000, "veo-3-1": 45000, "midjourney-video": 55000, "hailuo": 40000,
    "luma": 42000, "kling": 38000, "kling-effects": 38000, "photo-upscale": 3000, "background-removal": 2000,
    "background-replacement": 3500, "vectorization": 4000, "suno": 15000, "whisper": 1000, "tts": 2000,
}  # fmt: skip
# The project's first day: nothing that was gone by then may be what customers get.
TODAY = date(2026, 11, 21)
RETIRED = {
    "sora-2", "veo-3.1-generate-preview", "dall-e-3", "gpt-image-1", "gemini-2.5-flash-image", "gemini-2.5-pro",
    "deepseek-chat", "deepseek-reasoner", "deepseek-v4-pro", "sonar", "claude-sonnet-4", "claude-sonnet-4-5",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    path = Path("kassa/core/ai/catalogue.yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def test_every_model_has_its_promised_price(catalogue: Catalogue) -> None:
    found = {}
    for model in catalogue.models:
        params = {field["name"]: field["default"] for field in model.params_schema}
        # A price by what goes in needs to know how much that is.
        params |= {"input_tokens": 1000} if model.family is Family.EMBEDDING else {}
        found[model.slug] = quote(parse_price(model.price), params).tokens
    assert found == PRICES


def test_every_family_is_there(catalogue: Catalogue) -> None:
    assert {model.family for model in catalogue.models} == set(Family)


def test_no_route_leads_to_a_retired_upstream(catalogue: Catalogue) -> None:
    for model in catalogue.models:
        open_routes = [route for route in model.routes if route.shutdown is None or route.shutdown > TODAY]
        assert open_routes, model.slug
        assert not RETIRED & {route.upstream for route in model.routes}, model.slug


def test_what_is_announced_to_end_has_somebody_behind_it(catalogue: Catalogue) -> None:
    ending = [model for model in catalogue.models if model.routes[0].shutdown and model.family is Family.TEXT]
    assert {model.slug for model in ending} == {"chatgpt-4-omni", "chatgpt-4-omni-mini"}
    assert all(any(route.shutdown is None for route in model.routes) for model in ending)


def test_titles_are_in_both_languages(catalogue: Catalogue) -> None:
    for model in catalogue.models:
        for texts in (model.title, model.description, *(field["title"] for field in model.params_schema)):
            assert {"ru", "en"} <= texts.keys()


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("models", 0, "family"), "texts", "models[chatgpt-4-omni].family"),
        (("models", 0, "price"), {"base": -5}, "models[chatgpt-4-omni].price.base"),
        (("models", 0, "routes", 0, "driver"), "openai_chatt", "models[chatgpt-4-omni].routes[0].driver"),
        (("models", 0, "routes", 0, "endpoint"), "opnai", "models[chatgpt-4-omni].routes[0].endpoint"),
        (("models", 0, "routes", 0, "weight"), 0, "models[chatgpt-4-omni].routes[0].weight"),
        (("models", 0, "routes", 0, "param_map"), {"dropp": []}, "models[chatgpt-4-omni].routes[0].param_map.dropp"),
        (("models", 0, "routes"), [], "models[chatgpt-4-omni].routes"),
        (("models", 0, "titel"), {}, "models[chatgpt-4-omni].titel"),
        (("models", 0, "title"), {"ru": "x"}, "models[chatgpt-4-omni].title"),
        (("models", 0, "slug"), "deepseek", "test.yaml.models"),
        (("models", 0, "lifecycle"), {"released": "soon"}, "models[chatgpt-4-omni].lifecycle.released"),
        (("models", 0, "lifecycle"), {"successor": "gpt-9"}, "models[chatgpt-4-omni].lifecycle.successor"),
        (("endpoints", 0, "base_url"), "api.openai.com", "endpoints[0].base_url"),
        (("version",), 2, "test.yaml.version"),
    ],
)
def test_a_mistake_is_told_with_its_place(data: dict[str, Any], path: tuple[Any, ...], value: Any, where: str) -> None:
    broken = deepcopy(data)
    place: Any = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(broken, "test.yaml")
    assert caught.value.facts["where"].endswith(where)
    assert "expected" in caught.value.message


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("models: [")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(path)
    assert str(path) in caught.value.message


def test_parameters_are_filled_and_checked(catalogue: Catalogue) -> None:
    schema = next(model for model in catalogue.models if model.slug == "kling").params_schema
    assert fill_params(schema, {"prompt": "A cat"}) == {"prompt": "A cat", "aspect": "16:9", "seconds": 5}
    assert fill_params(schema, {"prompt": "A cat", "seconds": 10})["seconds"] == 10
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "ai.param_required"),
        ({"prompt": "A cat", "colour": 1}, "ai.param_unknown"),
        ({"prompt": "A cat", "seconds": 7}, "ai.param_invalid"),
        ({"prompt": "A cat", "seconds": "5"}, "ai.param_invalid"),
        ({"prompt": "x" * 2501}, "ai.param_invalid"),
    ]
    for given, code in wrong:
        with pytest.raises(Invalid) as caught:
            fill_params(schema, given)
        assert caught.value.code == code
