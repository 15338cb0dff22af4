"""I18-1: both front ends speak ru and en completely: no text is missing in a language, none is unused or invented."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.commands import ROOT

APPS = ROOT / "web" / "apps"
LOCALES = ("ru", "en")
PLURALS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
OWN_NAMES = {"ID", "CSV", "JSON", "YAML", "IP", "TON", "API", "Telegram", "Telegram: {{bot}}"}
_ENDING = re.compile(r"_(one|few|many|other)$")
_LITERAL = re.compile(r"""\b(?:t|translate)\(\s*["']([^"'$]+)["']""")
_ANYWHERE = re.compile(r"""["']([a-z_]+(?:\.[a-z_0-9]+)+)["']""")
_COMPLETED = re.compile(r"`([a-z_]+(?:\.[a-z_]+)*\.)\$\{")
_FACT = re.compile(r"\{\{\s*(\w+)")

each_front = pytest.mark.parametrize("front", ["admin", "app"])


@cache
def texts(front: str, locale: str) -> dict[str, str]:
    """Every text of a front end in a language by its key, also those that are loaded with a part of it."""
    loaded: dict[str, str] = {}
    for file in sorted((APPS / front / "src").rglob(f"texts/{locale}.json")):
        own: dict[str, str] = json.loads(file.read_text("utf-8"))
        assert own.keys() & loaded.keys() == set(), file
        loaded |= own
    return loaded


@cache
def code(front: str) -> str:
    """All components."""
    return "\n".join(path.read_text("utf-8") for path in sorted((APPS / front / "src").rglob("*.ts*")))


def keys(front: str, locale: str) -> set[str]:
    """Keys as components name them: forms of plural are one key."""
    return {_ENDING.sub("", key) for key in texts(front, locale)}


def facts(front: str, locale: str, key: str) -> set[str]:
    """What is filled into a text, whatever its form of plural."""
    found = (text for name, text in texts(front, locale).items() if _ENDING.sub("", name) == key)
    return {fact for text in found for fact in _FACT.findall(text)}


@each_front
def test_both_languages_have_every_text_with_the_same_facts(front: str) -> None:
    assert keys(front, "ru") ^ keys(front, "en") == set()
    assert {key for key in keys(front, "ru") if facts(front, "ru", key) != facts(front, "en", key)} == set()
    empty = [(locale, key) for locale in LOCALES for key, text in texts(front, locale).items() if not text.strip()]
    assert empty == []


@each_front
@pytest.mark.parametrize("locale", LOCALES)
def test_plurals_have_all_forms_of_the_language(front: str, locale: str) -> None:
    forms: dict[str, set[str]] = {}
    for key in texts(front, locale):
        ending = _ENDING.search(key)
        if ending:
            forms.setdefault(key[: ending.start()], set()).add(ending.group(1))
    assert {key: found for key, found in forms.items() if found != PLURALS[locale]} == {}


@each_front
def test_every_text_is_used_and_every_used_text_is_there(front: str) -> None:
    """Named as it is, or by a beginning that the code completes with what the API tells."""
    beginnings = tuple(set(_COMPLETED.findall(code(front))))
    assert set(_LITERAL.findall(code(front))) - keys(front, "en") == set()
    named = set(_LITERAL.findall(code(front))) | set(_ANYWHERE.findall(code(front)))
    assert [key for key in sorted(keys(front, "en")) if key not in named and not key.startswith(beginnings)] == []


@each_front
def test_beginnings_that_the_code_completes_have_texts(front: str) -> None:
    beginnings = set(_COMPLETED.findall(code(front)))
    known = keys(front, "en")
    assert {beginning for beginning in beginnings if not any(key.startswith(beginning) for key in known)} == set()


def test_every_audited_action_has_words() -> None:
    """SEC-2: the log speaks the reader's language, whatever module has written it."""
    calls = [
        call
        for path in (ROOT / "kassa").rglob("*.py")
        for call in re.findall(r"audit\.record\((.*?)\n?\s*\)", path.read_text("utf-8"), re.DOTALL)
    ]
    actions = {found[1] for call in calls if (found := re.search(r'"([a-z_]+\.[a-z_]+)"', call))}
    assert len(actions) > 20
    assert {action for action in actions if f"audit_action.{action}" not in texts("admin", "en")} == set()


@each_front
def test_russian_texts_are_russian(front: str) -> None:
    """A text that was copied and not translated has no Cyrillic letter; names and numbers may stay."""
    untranslated = [
        text
        for text in texts(front, "ru").values()
        if re.search("[A-Za-z]{2}", text) and not re.search("[А-Яа-яё]", text)
    ]
    assert [text for text in untranslated if text not in OWN_NAMES] == []


@each_front
def test_components_have_no_words_of_their_own(front: str) -> None:
    """A Russian word outside the texts is one that the English page would show; names are their own."""
    found = {
        (path.name, word)
        for path in sorted((APPS / front / "src").rglob("*.ts*"))
        for line in Path(path).read_text("utf-8").splitlines()
        if not line.lstrip().startswith(("/", "*"))
        for word in re.findall("[А-Яа-яё]{2,}", line)
    }
    assert {word for _, word in found} <= {"Русский", "Яндекс", "Браузер"}
