"""Offsets of entities: the Bot API counts UTF-16 code units."""

from kassa.sandbox.telegram.errors import Json


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def entity(kind: str, start: int, end: int, **facts: object) -> Json:
    """One MessageEntity over UTF-16 units [start, end)."""
    return {"type": kind, "offset": start, "length": end - start, **facts}


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Drop the white space around the text, and what the entities lose by it."""
    left = len(text) - len(text.lstrip())
    stripped = text.strip()
    if left == 0 and len(stripped) == len(text) and not entities:
        return text, entities
    shift, size = utf16(text[:left]), utf16(stripped)
    kept = []
    for item in entities:
        start = max(item["offset"] - shift, 0)
        end = min(item["offset"] + item["length"] - shift, size)
        if end > start:
            kept.append({**item, "offset": start, "length": end - start})
    return stripped, kept
