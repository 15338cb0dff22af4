"""Forbidden words in any form and disguise, and innocent ones left alone (POL-4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.core.policies.words import MAX_WORDS, WordList, check_words
from kassa.kit.errors import Invalid


def found(entry: str, text: str) -> bool:
    """Whether a list of one entry finds it."""
    return WordList("x", "", (entry,)).find(text) == entry


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("наркотик", "Где купить наркотики?"),
        ("наркотик", "торгуют НАРКОТИКАМИ оптом"),
        ("наркотик", "нарк0тик"),
        ("наркотик", "наpкoтик"),  # Latin p and o
        ("наркотик", "н а р к о т и к"),
        ("наркотик", "н.а.р.к.о.т.и.к"),
        ("наркотик", "наррркотииик"),
        ("наркотик", "нар\u0301котик"),
        ("взрывчатка", "хранение взрывчаткой"),
        ("ёлка", "елку срубить"),
        ("сделать бомбу", "как сделать бомбу дома"),
        ("сделать бомбу", "сделали бомбы"),
        ("казин*", "лучшие казино города"),
        ("*coin", "buy Bitcoin now"),
        ("bomb", "Bombs everywhere"),
        ("weapon", "weapons"),
        ("weapon", "ｗｅａｐｏｎ"),
    ],
)
def test_what_is_found(entry: str, text: str) -> None:
    """POL-4: case, declension, look-alike letters, spacing and stretching hide nothing."""
    assert found(entry, text)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("наркотик", "нарком просвещения"),
        ("бомба", "бомбардир забил гол"),
        ("сделать бомбу", "сделать торт, а бомбу не делать"),
        ("мат", "математика и материал"),
        ("cop", "сор в избе"),
        ("казин*", "магазин у дома"),
        ("bomb", "I bought a plumb line"),
        ("наркотик", ""),
    ],
)
def test_what_is_left_alone(entry: str, text: str) -> None:
    """POL-4: a word inside another word, or words far from one another, are no finding."""
    assert not found(entry, text)


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=20), max_size=5))
def test_any_text_is_looked_through(text: str, entries: list[str]) -> None:
    """POL-4: no text breaks the search."""
    WordList("x", "", tuple(entries)).find(text)


def test_what_is_no_list() -> None:
    """POL-4: entries are cleaned; what would match everything or nothing is refused."""
    assert check_words(["  два   слова ", "", "два слова", "x-y"]) == ["два слова", "x-y"]
    for wrong in (["*"], ["я"], ["а" * 101], ["слово"] * (MAX_WORDS + 1)):
        with pytest.raises(Invalid) as refused:
            check_words(wrong)
        assert refused.value.code == "policies.words_invalid"
