"""Finding forbidden words in any case or declension, spelled with look-alike letters, or s p a c e d out."""

import re
import unicodedata
from dataclasses import dataclass, field

from kassa.kit.errors import Invalid

MAX_WORDS = 5000
MAX_LENGTH = 100
MAX_TEXT = 100_000

_TOKEN = re.compile(r"[^\W_]+\*?|\*[^\W_]+\*?", re.UNICODE)
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W_][\W_]{1,3}){2,}[^\W_](?![^\W_])", re.UNICODE)
_CYRILLIC = re.compile(r"[а-яёіїєґ]")

# Latin letters, digits and signs that pass for Cyrillic ones.
_LOOK_ALIKES = str.maketrans(
    "abcehikmnoptuxy0346@1$", "авсенiкмпортихуозчба1с",
)  # fmt: skip
# The longest ending that leaves a stem of three letters: a search finds the leftmost.
_ENDING = re.compile(
    r"(?<=\w\w\w)(?:ами|ями|ого|его|ому|ему|ыми|ими|иях|ях|ах|ов|ев|ей|ой|ый|ий|ая|яя|ое|ее|ую|юю|ым|им|ых|их|ые|ие"
    r"|ам|ям|ом|ем|ью|ия|ию|ии|ть|ти|ешь|ет|ете|ут|ют|ишь|ит|ите|ат|ят|ла|ло|ли|л|а|я|о|е|ы|и|у|ю|ь|й)$"
)
_LATIN_ENDING = re.compile(r"(?<=\w\w\w)(?:ings|ing|ers|ies|es|ed|er|ly|s)$")


@dataclass(frozen=True, slots=True)
class WordList:
    """A named list, ready to be searched. An entry is a word, a phrase, or a beginning or end written with `*`."""

    name: str
    reason: str
    words: tuple[str, ...]
    _phrases: tuple[tuple[str, tuple[str, ...]], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the entries once."""
        phrases = ((word, tuple(_stem(token) for token in _tokens(word))) for word in self.words)
        object.__setattr__(self, "_phrases", tuple(item for item in phrases if item[1]))

    def find(self, text: str) -> str:
        """The entry that a text has; empty when it has none."""
        return _find(self._phrases, text)


def check_words(words: list[str]) -> list[str]:
    """A list as it is stored. Raises Invalid `policies.words_invalid` with the entry and what is allowed."""
    cleaned = [" ".join(word.split()) for word in words if word.strip()]
    if len(cleaned) > MAX_WORDS:
        raise Invalid("policies.words_invalid", f"A list has at most {MAX_WORDS} entries", entry=len(cleaned))
    for number, word in enumerate(cleaned, start=1):
        letters = sum(character.isalnum() for character in word)
        if len(word) > MAX_LENGTH or letters < 2:
            message = f"Entry {number}, {word[:40]!r}: from 2 letters to {MAX_LENGTH} characters"
            raise Invalid("policies.words_invalid", message, entry=number, value=word[:100])
    return list(dict.fromkeys(cleaned))


def first_found(lists: tuple[WordList, ...], text: str) -> tuple[WordList, str] | None:
    """The first list with an entry that the text has, and the entry."""
    if not lists:
        return None
    for words in lists:
        found = words.find(text)
        if found:
            return words, found
    return None


def _find(phrases: tuple[tuple[str, tuple[str, ...]], ...], text: str) -> str:
    texts = [_tokens(text[:MAX_TEXT])]
    spaced = _SPACED.sub(lambda found: re.sub(r"[\W_]", "", found[0]), text[:MAX_TEXT])
    if spaced != text:
        texts.append(_tokens(spaced))
    for tokens in texts:
        stems = [_stem(token) for token in tokens]
        known = set(stems)
        for word, phrase in phrases:
            if _has(phrase, stems, tokens, known):
                return word
    return ""


def _has(phrase: tuple[str, ...], stems: list[str], tokens: list[str], known: set[str]) -> bool:
    if len(phrase) == 1:
        entry = phrase[0]
        if "*" not in entry:
            return entry in known
        return any(_wild(entry, token) for token in tokens)
    size = len(phrase)
    return any(
        all(_one(phrase[place], stems[start + place], tokens[start + place]) for place in range(size))
        for start in range(len(stems) - size + 1)
    )


def _one(entry: str, stem: str, token: str) -> bool:
    return _wild(entry, token) if "*" in entry else entry == stem


def _wild(entry: str, token: str) -> bool:
    body = entry.strip("*")
    if entry.startswith("*") and entry.endswith("*"):
        return body in token
    return token.startswith(body) if entry.endswith("*") else token.endswith(body)


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    plain = "".join(c for c in unicodedata.normalize("NFD", plain.replace("й", "\0")) if not unicodedata.combining(c))
    plain = unicodedata.normalize("NFC", plain).replace("\0", "й")
    # A sign inside a word that passes for a letter would cut the word in two.
    plain = re.sub(r"(?<=\w)[@$]|[@$](?=\w)", lambda found: found[0].translate(_LOOK_ALIKES), plain)
    return [_unmask(token) for token in _TOKEN.findall(plain)]


def _unmask(token: str) -> str:
    """A word with Cyrillic in it is Cyrillic: its Latin letters and digits are disguise. Repeated letters are one."""
    if _CYRILLIC.search(token) and not token.isdigit():
        token = token.translate(_LOOK_ALIKES)
    return re.sub(r"(\w)\1+", r"\1", token)


def _stem(token: str) -> str:
    if "*" in token:
        return token
    return (_ENDING if _CYRILLIC.search(token) else _LATIN_ENDING).sub("", token)
