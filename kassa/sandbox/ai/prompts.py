"""What an emulated model makes of a question: the words that steer it, and the size of texts in tokens."""

import re
from dataclasses import dataclass

_LENGTH = re.compile(r"(\d[\d  _,.]{0,9}\d|\d)\s*(?:знак|символ|букв|characters?|chars?\b|symbols?)", re.IGNORECASE)
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_CODE = re.compile(r"\bкод(?:а|ом|е)?\b|программ|скрипт|функци|\bcode\b|program|script|function|python", re.IGNORECASE)
_TABLE = re.compile(r"таблиц|сравн|\btables?\b|compare", re.IGNORECASE)
_FORMULA = re.compile(r"формул|уравнени|интеграл|latex|formula|equation|integral", re.IGNORECASE)
MAX_CHARACTERS = 200_000
_PIECES = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question asks for."""

    russian: bool
    code: bool
    table: bool
    formula: bool
    characters: int | None


def read(prompt: str) -> Wish:
    """Read a question: its language, and whether it wants code, a table, a formula, a text of so many characters."""
    length = _LENGTH.search(prompt)
    digits = re.sub(r"\D", "", length.group(1)) if length else ""
    return Wish(
        russian=bool(_CYRILLIC.search(prompt)),
        code=bool(_CODE.search(prompt)),
        table=bool(_TABLE.search(prompt)),
        formula=bool(_FORMULA.search(prompt)),
        characters=min(int(digits), MAX_CHARACTERS) if digits else None,
    )


def tokens(text: str) -> int:
    """About how many tokens a text is: four bytes of UTF-8 each, at least one for any text."""
    return -(-len(text.encode()) // 4)


def pieces(text: str) -> list[str]:
    """The text as a model streams it, about a word at a time; joined they are the text."""
    return _PIECES.findall(text)


def shortened(text: str, max_tokens: int | None) -> tuple[str, bool]:
    """The text that fits into a limit of tokens, and whether something was left out."""
    if max_tokens is None or tokens(text) <= max_tokens:
        return text, False
    return text.encode()[: max_tokens * 4].decode("utf-8", "ignore"), True
