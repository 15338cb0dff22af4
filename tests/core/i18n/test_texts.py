"""The texts of all modules: complete, used, equal in what they say, and the owner's own versions of them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kassa
from kassa.core import i18n
from kassa.kit.errors import Invalid, NotFound
from kassa.runtime.modules import MODULES

SOURCE = Path(next(iter(kassa.__path__)))


def _texts() -> i18n.Texts:
    texts = i18n.Texts("ru")
    for module in MODULES:
        if module.texts is not None:
            texts.add_folder(module.texts)
    return texts


TEXTS = _texts()
KEYS = sorted(set(TEXTS.keys("ru")) | set(TEXTS.keys("en")))
CODE = "\n".join(
    path.read_text("utf-8") for folder in ("core", "products") for path in sorted((SOURCE / folder).rglob("*.py"))
)
# Where a key is put together from parts, the code has its beginning: f"billing-order-{status}".
BEGINNINGS = tuple(re.findall(r'f"([a-z_-]+-)\{', CODE))


def test_every_text_exists_in_both_languages() -> None:
    """I18-1: no customer reads a key or another language's text."""
    assert TEXTS.keys("ru") == TEXTS.keys("en")
    assert TEXTS.locales == ["en", "ru"]


@pytest.mark.parametrize("key", KEYS)
def test_languages_say_the_same_facts(key: str) -> None:
    """I18-1: a fact that one language tells, the other tells too."""
    assert TEXTS.variables(key, "ru") == TEXTS.variables(key, "en")


@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_used(key: str) -> None:
    """CHN-5: what an owner is shown for editing is really said somewhere."""
    code = key.replace("-", ".", 1)
    assert f'"{key}"' in CODE or f'"{code}"' in CODE or key.startswith(BEGINNINGS), key


def test_every_key_in_the_code_has_a_text() -> None:
    """I18-1: a key that the code says is there."""
    used = set(re.findall(r'(?:turn\.t|texts\.text)\(\s*"([a-z0-9_.-]+)"', CODE))
    used |= set(re.findall(r'\((?:\d+), "([a-z-]+)", "[a-z_]+:', CODE))
    assert len(used) > 40
    assert {key for key in used if key.replace(".", "-") not in KEYS} == set()


@pytest.mark.parametrize(
    "own",
    ["**Bold at the start**", "* a point\n* another", "[link](https://example.com) and *", ".dot",
     "a\n\n**b** { $number }",
     "{ $days ->\n    [one] day\n   *[other] days\n}", "plain", " { $number }: \U0001f9ff"],
)  # fmt: skip
def test_an_owner_writes_markdown(own: str) -> None:
    """CHN-5: Markdown is a text wherever it stands in it, though its signs are Fluent's own too."""
    key = "billing-plan-subscription" if "$days" in own else "billing-opening"
    TEXTS.check(key, "en", own)
    shown = TEXTS.preview(key, "en", own, {"number": "7", "days": 2})
    expected = own.strip().replace("{ $number }", "7")
    assert shown == ("days" if "$days" in own else expected)


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        ("{ $price }", "facts"),
        ("{ $number", "Expected"),
        ("{", "Expected"),
        ("}", "Expected"),
        ("{ channels-menu }", "other texts"),
        ("{ -brand }", "other texts"),
        ("{ SHOUT($number) }", "other texts"),
    ],
)
def test_a_text_that_would_break_is_refused(own: str, problem: str) -> None:
    """CHN-5: before it is saved, with what is wrong."""
    with pytest.raises(Invalid, match=problem) as refused:
        TEXTS.check("billing-opening", "ru", own)
    assert refused.value.code == "i18n.text_invalid"


def test_only_known_texts_have_versions() -> None:
    """CHN-5: an unknown key is not found."""
    with pytest.raises(NotFound):
        TEXTS.check("billing-nothing", "ru", "x")


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_text_ends_a_conversation(own: str, fact: str) -> None:
    """CHN-5: any version is either refused when saved, or can be said with any fact."""
    try:
        TEXTS.check("billing-opening", "ru", own)
    except Invalid:
        return
    TEXTS.text("billing-opening", "ru", {"ru/billing-opening": own}, number=fact)


def test_facts_are_no_markdown() -> None:
    """CHN-3: a person's name with signs in it is shown as it is, and breaks no formatting."""
    said = TEXTS.text("channels-start", "en", name="*_[x](y)`", bot="b")
    assert "\\*\\_\\[x\\]\\(y\\)\\`" in said
