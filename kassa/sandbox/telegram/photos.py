"""Pictures of the sandbox's people: their letters on their colour."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kassa import kit
from kassa.sandbox.telegram.state import Person

SIZE = 320


def picture(person: Person) -> bytes:
    """The picture of a person, a JPEG as Telegram has them."""
    try:
        made = Image.new("RGB", (SIZE, SIZE), person.color)
    except ValueError:
        made = Image.new("RGB", (SIZE, SIZE), "#65aadd")
    letters = "".join(name[:1] for name in (person.first_name, person.last_name)).upper()
    font = ImageFont.truetype(str(Path(kit.__path__[0]) / "fonts" / "Onest-SemiBold.ttf"), SIZE * 2 // 5)
    ImageDraw.Draw(made).text((SIZE / 2, SIZE / 2), letters, "white", font, anchor="mm")
    out = io.BytesIO()
    made.save(out, "JPEG", quality=85)
    return out.getvalue()
