"""The words of a document: what a model can read of it."""

import asyncio
import sys
from pathlib import Path

from kassa.kit.errors import Invalid

from .kinds import PDF, TEXT

MAX_CHARACTERS = 400_000
"""More than this is read of no document; the reader of its words has a limit of its own."""
PATIENCE_S = 30.0
_PDF = Path(__file__).with_name("pdf_words.py")


def has_words(media_type: str) -> bool:
    """Whether the kind of a file is one whose words can be read: texts and PDF."""
    return media_type in (TEXT.media_type, PDF.media_type)


async def words_of(media_type: str, data: bytes) -> str:
    """The words of a text or a PDF, at most MAX_CHARACTERS. Raises Invalid `files.no_words`."""
    if media_type == TEXT.media_type:
        text = data.decode("utf-8", "replace")
    elif media_type == PDF.media_type:
        text = await _of_pdf(data)
    else:
        raise Invalid("files.no_words", "The words of such a file cannot be read")
    if not text.strip():
        raise Invalid("files.no_words", "There are no words in the file")
    return text.replace("\0", "")[:MAX_CHARACTERS]


async def _of_pdf(data: bytes) -> str:
    """In a process of its own: a PDF that was made to keep its reader busy for ever is given up after a while."""
    command = [sys.executable, "-I", str(_PDF), str(MAX_CHARACTERS)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(data), PATIENCE_S)
    except TimeoutError as error:
        raise Invalid("files.no_words", "The PDF takes too long to read") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Invalid("files.no_words", "The PDF cannot be read")
    return out.decode("utf-8", "replace")
