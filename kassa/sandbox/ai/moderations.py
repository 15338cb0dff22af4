"""OpenAI's moderation endpoint: a few plain words are flagged, so that both ways can be seen."""

from typing import Any

Json = dict[str, Any]

CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
    "self-harm/intent", "self-harm/instructions", "sexual", "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
_WORDS: dict[str, tuple[str, ...]] = {
    "violence": ("kill", "murder", "убить", "убью", "зарезать"),
    "illicit": ("bomb", "drugs", "бомб", "наркотик"),
    "sexual": ("porn", "порно"),
    "hate": ("nazi", "нацист"),
}


def judge(body: Json, created: int, *, flagged: bool) -> Json:
    """The verdict on each input. `flagged` forces one."""
    given = body["input"]
    texts = [_text(item) for item in (given if isinstance(given, list) else [given])]
    return {
        "id": f"modr-{created}",
        "model": body.get("model") or "omni-moderation-latest",
        "results": [_result(text, flagged) for text in texts],
    }


def _text(item: Any) -> str:
    return str(item.get("text") or "") if isinstance(item, dict) else str(item)


def _result(text: str, flagged: bool) -> Json:
    low = text.lower()
    found = {name for name, words in _WORDS.items() if any(word in low for word in words)}
    if flagged:
        found.add("violence")
    return {
        "flagged": bool(found),
        "categories": {name: name in found for name in CATEGORIES},
        "category_scores": {name: 0.97 if name in found else 0.0001 for name in CATEGORIES},
        "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
    }
