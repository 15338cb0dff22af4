"""I18-1: ru and en are complete: no text is missing in a language, none is unused, and both know the same facts."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from tests.docs.commands import ROOT

FOLDERS = sorted((ROOT / "kassa").rglob("texts"))
LOCALES = ("ru", "en")


class _Facts(Visitor):
    """Collects the names in braces."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - named by the library
        self.names.add(node.id.name)


def texts(folder: Path, locale: str) -> dict[str, set[str]]:
    """Every key of a file with the facts that its text uses. A file that does not parse fails the test."""
    found: dict[str, set[str]] = {}
    for entry in FluentParser().parse((folder / f"{locale}.ftl").read_text("utf-8")).body:
        assert not isinstance(entry, ast.Junk), (folder, locale, entry.content)
        if isinstance(entry, ast.Message):
            facts = _Facts()
            facts.visit(entry)
            assert entry.id.name not in found, f"{entry.id.name} is there twice"
            found[entry.id.name] = facts.names
    return found


def name(folder: Path) -> str:
    """The module whose texts they are."""
    return folder.parent.name


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_both_languages_have_every_text_with_the_same_facts(folder: Path) -> None:
    russian, english = (texts(folder, locale) for locale in LOCALES)
    assert russian.keys() ^ english.keys() == set()
    assert {key for key in russian if russian[key] != english[key]} == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_every_text_is_used(folder: Path) -> None:
    """Named in the code as it is, as an error's code, or by a beginning that the code completes."""
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "kassa").rglob("*.py"))
    beginnings = tuple(re.findall(r'f"([a-z]+(?:-[a-z_]+)*-)\{', code))
    unused = [
        key
        for key in texts(folder, "ru")
        if f'"{key}"' not in code and f'"{key.replace("-", ".", 1)}"' not in code and not key.startswith(beginnings)
    ]
    assert unused == []
