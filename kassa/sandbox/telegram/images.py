"""Width and height of a picture from its first bytes, without an imaging library."""

import struct

_UNKNOWN = (800, 600)


def size_of(body: bytes) -> tuple[int, int]:
    """(width, height) of PNG, GIF, JPEG or WebP; a usual size for anything else."""
    try:
        if body.startswith(b"\x89PNG"):
            width, height = struct.unpack(">II", body[16:24])
        elif body.startswith(b"GIF8"):
            width, height = struct.unpack("<HH", body[6:10])
        elif body.startswith(b"\xff\xd8"):
            width, height = _jpeg(body)
        elif body[8:16] == b"WEBPVP8X":
            width = int.from_bytes(body[24:27], "little") + 1
            height = int.from_bytes(body[27:30], "little") + 1
        else:
            return _UNKNOWN
    except (struct.error, IndexError):
        return _UNKNOWN
    return (width, height) if width and height else _UNKNOWN


def _jpeg(body: bytes) -> tuple[int, int]:
    position = 2
    while position < len(body):
        marker, length = struct.unpack(">xBH", body[position : position + 4])
        # Start-of-frame markers carry the size; C4, C8 and CC are tables.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", body[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return _UNKNOWN
