"""FIL-2, FIL-3: files are told by their bytes; liars, bombs and active types are refused; pictures are cleaned."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kassa.core.files import bombs, kinds, pictures
from kassa.core.files.intake import clean_name
from kassa.kit.errors import Invalid


def picture(size: tuple[int, int] = (64, 48), format: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A picture of a format."""
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, format, **options)
    return out.getvalue()


def archive(**files: bytes) -> bytes:
    """A ZIP with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture(), kinds.JPEG), (picture(format="PNG"), kinds.PNG), (picture(format="GIF"), kinds.GIF),
        (picture(format="WEBP"), kinds.WEBP), (b"%PDF-1.7 x", kinds.PDF), (b"RIFF0000WAVEfmt ", kinds.WAV),
        (b"OggS\0", kinds.OGG), (b"fLaC\0", kinds.FLAC), (b"ID3\x04", kinds.MP3), (b"\xff\xfb\x90", kinds.MP3),
        (b"\0\0\0\x18ftypisom", kinds.MP4), (b"\0\0\0\x18ftypM4A ", kinds.M4A), (b"\0\0\0\x14ftypqt  ", kinds.MOV),
        (b"\x1aE\xdf\xa3\x01\0\0webm", kinds.WEBM), ("привет, мир".encode(), kinds.TEXT), (b'{"a": 1}', kinds.TEXT),
    ],
)  # fmt: skip
def test_a_kind_is_told_by_its_bytes(data: bytes, kind: kinds.Kind) -> None:
    assert kinds.detect(data) is kind


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"  \n<!DOCTYPE html><script>", b"<?xml version='1.0'?>",
        b"MZ\x90\0", b"\x7fELF", b"#!/bin/sh\0", b"\x00\x01\x02", b"\xff\xfe<\0s\0v\0g\0",
    ],
)  # fmt: skip
def test_active_and_unknown_kinds_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="not taken"):
        kinds.detect(data)


def test_name_type_and_bytes_have_to_agree() -> None:
    kinds.check_agreement(kinds.JPEG, "a.JPG", "image/jpeg")
    kinds.check_agreement(kinds.JPEG, "a.jpeg", "application/octet-stream")
    kinds.check_agreement(kinds.TEXT, "table.csv", "text/csv; charset=utf-8")
    for name, declared in (
        ("a.png", "image/jpeg"),
        ("a.svg", ""),
        ("a.jpg.html", "image/jpeg"),
        ("a.jpg", "text/html"),
    ):
        with pytest.raises(Invalid) as refused:
            kinds.check_agreement(kinds.JPEG, name, declared)
        assert refused.value.code == "files.kind_disagrees"


def test_documents_are_told_from_archives() -> None:
    document = archive(**{"[Content_Types].xml": b"x", "word__document.xml": b"x"})
    assert kinds.detect(document, bombs.names_of(document)) is kinds.DOCX
    plain = archive(**{"a.txt": b"x"})
    assert kinds.detect(plain, bombs.names_of(plain)) is kinds.ZIP


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"zeros": b"\0" * 20_000_000}, "too large"), ({"inner.zip": b"PK"}, "another archive"),
        ({"word__vbaProject.bin": b"x"}, "macros"), ({"..__evil": b"x"}, "outside"),
        ({str(number): b"" for number in range(10_001)}, "too large"),
    ],
)  # fmt: skip
def test_archives_that_would_burst_or_run_are_refused(files: dict[str, bytes], reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        bombs.names_of(archive(**files))
    with pytest.raises(Invalid, match="broken"):
        bombs.names_of(b"PK\x03\x04 nothing more")


def test_a_picture_is_made_smaller_upright_and_anonymous() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A camera"
    kept = pictures.clean(picture((4000, 1000), exif=exif), kinds.JPEG)
    with Image.open(io.BytesIO(kept.data)) as opened:
        assert opened.size == (480, 1920) == (kept.width, kept.height)
        assert not opened.getexif()
        assert opened.info.get("progressive")
    with Image.open(io.BytesIO(kept.thumbnail)) as small:
        assert (small.format, max(small.size)) == ("WEBP", 320)


def test_transparent_pictures_stay_so_and_moving_ones_move() -> None:
    assert pictures.clean(picture(format="PNG", mode="RGBA"), kinds.PNG).kind is kinds.PNG
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    kept = pictures.clean(out.getvalue(), kinds.GIF)
    with Image.open(io.BytesIO(kept.data)) as opened:
        assert getattr(opened, "n_frames", 1) == 3


def test_bombs_of_pixels_and_broken_pictures_are_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(Invalid, match="too many pixels"):
        pictures.clean(out.getvalue(), kinds.PNG)
    with pytest.raises(Invalid, match="broken"):
        pictures.clean(picture()[:200], kinds.JPEG)


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    safe = clean_name(name)
    assert 0 < len(safe) <= 130
    assert not set(safe) & set('/\\<>:"|?*\0\n')
    assert safe not in {".", ".."}
