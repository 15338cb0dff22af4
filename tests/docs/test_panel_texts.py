"""I18-1: the panel speaks ru and en completely: no text is missing in a language, none is unused, none is invented."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.commands import ROOT

SOURCE = ROOT / "web" / "apps" / "admin" / "src"
LOCALES = ("ru", "en")
PLURALS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
_ENDING = re.compile(r"_(one|few|many|other)$")
_LITERAL = re.compile(r"""\bt\(\s*["']([^"'$]+)["']""")
_COMPLETED = re.compile(r"`([a-z_]+(?:\.[a-z_]+)*\.)\$\{")
_FACT = re.compile(r"\{\{\s*(\w+)")


@cache
def texts(locale: str) -> dict[str, str]:
    """Every text of a language by its key."""
    loaded: dict[str, str] = json.loads((SOURCE / "texts" / f"{locale}.json").read_text("utf-8"))
    return loaded


@cache
def code() -> str:
    """All components."""
    return "\n".join(path.read_text("utf-8") for path in sorted(SOURCE.rglob("*.ts*")))


def keys(locale: str) -> set[str]:
    """Keys as components name them: forms of plural are one key."""
    return {_ENDING.sub("", key) for key in texts(locale)}


def facts(locale: str, key: str) -> set[str]:
    """What is filled into a text, whatever its form of plural."""
    found = (text for name, text in texts(locale).items() if _ENDING.sub("", name) == key)
    return {fact for text in found for fact in _FACT.findall(text)}


def test_both_languages_have_every_text_with_the_same_facts() -> None:
    assert keys("ru") ^ keys("en") == set()
    assert {key for key in keys("ru") if facts("ru", key) != facts("en", key)} == set()
    assert [(locale, key) for locale in LOCALES for key, text in texts(locale).items() if not text.strip()] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_plurals_have_all_forms_of_the_language(locale: str) -> None:
    forms: dict[str, set[str]] = {}
    for key in texts(locale):
        ending = _ENDING.search(key)
        if ending:
            forms.setdefault(key[: ending.start()], set()).add(ending.group(1))
    assert {key: found for key, found in forms.items() if found != PLURALS[locale]} == {}


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    """Named as it is, or by a beginning that the code completes with what the API tells."""
    beginnings = tuple(set(_COMPLETED.findall(code())))
    named = set(_LITERAL.findall(code()))
    assert named - keys("en") == set()
    assert [key for key in sorted(keys("en")) if key not in named and not key.startswith(beginnings)] == []


def test_beginnings_that_the_code_completes_have_texts() -> None:
    beginnings = set(_COMPLETED.findall(code()))
    assert {beginning for beginning in beginnings if not any(key.startswith(beginning) for key in keys("en"))} == set()


def test_every_audited_action_has_words() -> None:
    """SEC-2: the log speaks the reader's language, whatever module has written it."""
    calls = [
        call
        for path in (ROOT / "kassa").rglob("*.py")
        for call in re.findall(r"audit\.record\((.*?)\n?\s*\)", path.read_text("utf-8"), re.DOTALL)
    ]
    actions = {found[1] for call in calls if (found := re.search(r'"([a-z_]+\.[a-z_]+)"', call))}
    assert len(actions) > 20
    assert {action for action in actions if f"audit_action.{action}" not in texts("en")} == set()


def test_russian_texts_are_russian() -> None:
    """A text that was copied and not translated has no Cyrillic letter; names and numbers may stay."""
    same = {"ID", "CSV", "JSON", "YAML", "IP"}
    untranslated = [
        key for key, text in texts("ru").items() if re.search("[A-Za-z]{2}", text) and not re.search("[А-Яа-яё]", text)
    ]
    assert [key for key in untranslated if texts("ru")[key] not in same] == []


def test_components_have_no_words_of_their_own() -> None:
    """A Russian word outside the texts is one that the English panel would show; names of languages are their own."""
    found = {
        (path.name, word)
        for path in sorted(SOURCE.rglob("*.ts*"))
        for line in Path(path).read_text("utf-8").splitlines()
        if not line.lstrip().startswith(("/", "*"))
        for word in re.findall("[А-Яа-яё]{2,}", line)
    }
    assert {word for _, word in found} <= {"Русский"}
