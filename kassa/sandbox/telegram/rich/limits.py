"""Limits of rich messages: 32,768 characters, 500 blocks, 16 levels, 50 media."""

from kassa.sandbox.telegram.errors import Json, bad_request

MAX_CHARACTERS = 32_768
MAX_BLOCKS = 500
MAX_DEPTH = 16
MAX_MEDIA = 50
_MEDIA = {"photo", "video", "audio", "animation", "document", "voice_note"}


def check(blocks: list[Json]) -> None:
    """Refuse a message that is over a limit."""
    count = _Count()
    for block in blocks:
        count.block(block, 1)
    if count.characters > MAX_CHARACTERS:
        raise bad_request("message is too long")
    if count.blocks > MAX_BLOCKS:
        raise bad_request("rich message has too many blocks")
    if count.depth > MAX_DEPTH:
        raise bad_request("rich message blocks are nested too deep")
    if count.media > MAX_MEDIA:
        raise bad_request("rich message has too many media")


class _Count:
    def __init__(self) -> None:
        self.characters = self.blocks = self.depth = self.media = 0

    def block(self, block: Json, depth: int) -> None:
        self.blocks += 1
        self.depth = max(self.depth, depth)
        self.media += block["type"] in _MEDIA
        for name in ("text", "credit", "summary", "caption"):
            self.text(block.get(name))
        self.characters += len(block.get("expression", ""))
        for row in block.get("cells", []):
            for cell in row:
                self.text(cell.get("text"))
        for item in block.get("items", []):
            # List items count as blocks, as list rows do on the page.
            self.blocks += 1
            for inner in item["blocks"]:
                self.block(inner, depth + 2)
        for inner in block.get("blocks", []):
            self.block(inner, depth + 1)

    def text(self, value: object) -> None:
        if isinstance(value, str):
            self.characters += len(value)
        elif isinstance(value, list):
            for item in value:
                self.text(item)
        elif isinstance(value, dict):
            self.characters += len(value.get("expression", "")) + len(value.get("alternative_text", ""))
            self.text(value.get("text"))
            self.text((value.get("button") or {}).get("text"))
