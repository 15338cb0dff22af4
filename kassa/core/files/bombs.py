"""Archives that would burst: looked at without being unpacked (FIL-2)."""

import io
import zipfile

from kassa.kit.errors import Invalid

MAX_FILES = 10_000
MAX_UNPACKED_BYTES = 500 * 2**20
MAX_RATIO = 200
"""Ordinary text shrinks to a tenth or less; a bomb to a thousandth."""
NESTED = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar")


def names_of(data: bytes) -> tuple[str, ...]:
    """The names in a ZIP archive. Raises Invalid `files.archive_refused` for a bomb, macros or something encrypted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise _refused("it is broken") from error
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES or unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(len(data), 1):
        raise _refused("it is too large when unpacked")
    for entry in entries:
        name = entry.filename.lower()
        if entry.flag_bits & 0x1:
            raise _refused("it is encrypted, so nobody can look inside")
        if name.endswith(NESTED):
            raise _refused("it holds another archive")
        if "vbaproject.bin" in name:
            raise _refused("it holds macros")
        if name.startswith("/") or ".." in name.split("/"):
            raise _refused("its names lead outside")
    return tuple(entry.filename for entry in entries)


def _refused(why: str) -> Invalid:
    return Invalid("files.archive_refused", f"This archive is not taken: {why}", reason=why)
