"""Pictures: made smaller, turned upright, and stripped of where and by what they were taken (FIL-3).

A picture is decoded and encoded anew, so nothing that hides behind its last pixel survives. It takes CPU time: call
these in a thread.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from kassa.kit.errors import Invalid

from .kinds import GIF, JPEG, PNG, WEBP, Kind

LONGEST_SIDE = 1920
THUMBNAIL_SIDE = 320
QUALITY = 85
MAX_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept, and a small one for lists."""

    data: bytes
    kind: Kind
    width: int
    height: int
    thumbnail: bytes


def clean(data: bytes, kind: Kind) -> Picture:
    """The picture as it is kept. Raises Invalid `files.picture_refused` for a broken one or a bomb of pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise _refused("it has too many pixels")
                if getattr(opened, "n_frames", 1) > 1 and kind in (GIF, WEBP):
                    return _moving(data, kind, opened)
                opened.load()
                return _still(opened)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _refused("it has too many pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _refused("it is broken") from error


def _still(opened: Image.Image) -> Picture:
    upright = ImageOps.exif_transpose(opened)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    flat = upright.convert("RGBA" if has_alpha else "RGB")
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if has_alpha:
        flat.save(out, "PNG", optimize=True)
    else:
        flat.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return Picture(out.getvalue(), PNG if has_alpha else JPEG, flat.width, flat.height, _thumbnail(flat))


def _moving(data: bytes, kind: Kind, opened: Image.Image) -> Picture:
    """Something that moves keeps its frames; only what it says beside them is taken away."""
    first = opened.convert("RGBA")
    thumbnail = _thumbnail(first)
    out = io.BytesIO()
    opened.info.pop("exif", None)
    opened.info.pop("comment", None)
    opened.seek(0)
    opened.save(out, "GIF" if kind is GIF else "WEBP", save_all=True, loop=opened.info.get("loop", 0))
    return Picture(out.getvalue(), kind, opened.width, opened.height, thumbnail)


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=75)
    return out.getvalue()


def _refused(why: str) -> Invalid:
    return Invalid("files.picture_refused", f"This picture is not taken: {why}", reason=why)
