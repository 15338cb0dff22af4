"""Pictures of people: their initials on their colour, as SVG, which Telegram's own addresses give too."""

import html
import re

from kassa.sandbox.telegram.state import Person

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320">
<rect width="320" height="320" fill="{color}"/><circle cx="250" cy="60" r="130" fill="#fff" opacity=".16"/>
<text x="160" y="160" fill="#fff" font-size="132" font-family="system-ui, sans-serif" font-weight="600"
text-anchor="middle" dominant-baseline="central">{letters}</text></svg>"""


def picture(person: Person) -> str:
    """The picture of a person."""
    color = person.color if _COLOR.fullmatch(person.color) else "#65aadd"
    letters = "".join(name[:1] for name in (person.first_name, person.last_name)).upper()
    return _PICTURE.format(color=color, letters=html.escape(letters))
