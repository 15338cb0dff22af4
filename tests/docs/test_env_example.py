"""RUN-5: .env.example documents every setting, each with its default; the files of config/ are valid."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kassa.runtime import levels
from kassa.runtime.settings import ConfigError, Settings, known_keys, load

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / ".env.example"


def documented() -> list[str]:
    """The keys in the example, in its order."""
    return re.findall(r"^(KASSA_\w+)=", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)


def test_the_example_has_every_key_once_and_no_other() -> None:
    assert Counter(documented()) == Counter(known_keys())


def test_a_copy_of_the_example_changes_nothing() -> None:
    assert load(environment={}, env_file=EXAMPLE) == Settings()


def test_every_group_and_unusual_key_is_explained() -> None:
    """A key is explained when a comment stands above it, or above the run of keys it belongs to."""
    previous_is_explained = False
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            previous_is_explained = True
        elif not line:
            previous_is_explained = False
        else:
            assert previous_is_explained, f"{line} stands under no comment"


def test_the_configuration_files_are_valid_and_in_both_languages() -> None:
    found = levels.load_levels(ROOT / "config")
    assert found is not None
    assert len(found.levels) >= 3
    assert all(set(level.name) == {"ru", "en"} for level in found.levels)
    assert levels.load_user(ROOT / "config") is not None


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("user_config.json", '{"default_model": 7}', ("user_config.json", "default_model", "7", "string")),
        ("user_config.json", '{"defualt_model": "x"}', ("defualt_model", "not permitted")),
        ("user_config.json", "{", ("user_config.json", "line 1")),
        ("levels_config.json", '{"levels": []}', ("levels", "[]", "at least 1")),
        (
            "levels_config.json",
            '{"levels": [{"name": {"en": "A"}, "discount_percent": 101}]}',
            ("levels.0.discount_percent", "101", "100"),
        ),
    ],
)
def test_a_broken_file_is_told_by_file_key_value_and_rule(
    tmp_path: Path, file: str, text: str, words: tuple[str, ...]
) -> None:
    (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        (levels.load_user if file.startswith("user") else levels.load_levels)(tmp_path)
    assert caught.value.code == "settings.file_invalid"
    assert all(word in caught.value.message for word in (file, *words)), caught.value.message


def test_an_unknown_setting_is_told_with_the_nearest_known_one() -> None:
    with pytest.raises(ConfigError) as caught:
        load(environment={"KASSA_YOOKASA_SHOP_ID": "1"}, env_file=None)
    assert caught.value.code == "settings.unknown"
    assert "KASSA_YOOKASSA_SHOP_ID" in caught.value.message
