"""The page where a person lets a site know who they are: what oauth.telegram.org is for Telegram Login."""

import base64
import json
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import Json
from kassa.sandbox.telegram.init_data import login_facts
from kassa.sandbox.telegram.members import block
from kassa.sandbox.telegram.state import Bot, Person

_REFUSED = "false"
"""What the real page returns when nobody signs in."""

TEXTS = {
    "ru": {
        "title": "Вход через Telegram", "sandbox": "Песочница: так выглядит вход через Telegram",
        "asks": "Сайт {site} просит войти через бота", "who": "Кто входит",
        "write": "Разрешить боту писать мне", "agree": "Войти", "refuse": "Отмена",
        "nobody": "В песочнице ещё нет людей. Откройте телефон и создайте первого.", "phone": "Открыть телефон",
        "no_bot": "Такого бота нет", "no_site": "Адрес возврата не принадлежит сайту, который просит войти",
    },
    "en": {
        "title": "Sign in with Telegram", "sandbox": "Sandbox: this is how signing in with Telegram looks",
        "asks": "{site} asks you to sign in with the bot", "who": "Who signs in",
        "write": "Let the bot write to me", "agree": "Sign in", "refuse": "Cancel",
        "nobody": "There are no people in the sandbox yet. Open the phone and make the first.",
        "phone": "Open the phone", "no_bot": "There is no such bot",
        "no_site": "The return address does not belong to the site that asks",
    },
}  # fmt: skip


def oauth_router(emulator: Emulator, photo_base: str) -> APIRouter:
    """Routes below /oauth; `photo_base` is the public address of the sandbox."""
    router = APIRouter()
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )

    def page(request: Request, status: int = 200, **facts: Any) -> HTMLResponse:
        language = _language(request)
        shown = {"language": language, "t": TEXTS[language], "problem": "", **facts}
        html = pages.get_template("oauth.html").render(shown)
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})

    @router.get("/auth", response_class=HTMLResponse)
    async def ask(
        request: Request, bot_id: str = "", origin: str = "", return_to: str = "", request_access: str = ""
    ) -> Response:
        bot = _bot(emulator, bot_id)
        problem = "no_bot" if bot is None else "" if _is_of(return_to, origin) else "no_site"
        if problem or bot is None:
            return page(request, 400, problem=problem)
        people = [person for person in emulator.world.people.values() if not person.is_deactivated][:50]
        return page(
            request, bot=bot, people=people, site=urlsplit(origin).netloc, asks_to_write=request_access == "write",
            photo_base=photo_base,
        )  # fmt: skip

    @router.post("/auth")
    async def answer(
        request: Request,
        answer: Annotated[Literal["agree", "refuse"], Form()],
        person: Annotated[int, Form()] = 0,
        may_write: Annotated[bool, Form()] = False,
    ) -> Response:
        asked = request.query_params
        bot, return_to = _bot(emulator, asked.get("bot_id", "")), asked.get("return_to", "")
        if bot is None or not _is_of(return_to, asked.get("origin", "")):
            return page(request, 400, problem="no_bot" if bot is None else "no_site")
        result, who = _REFUSED, emulator.world.people.get(person)
        if answer == "agree" and who is not None:
            photo = f"{photo_base}/api/people/{who.id}/photo.jpg" if who.has_photo else ""
            result = _packed(login_facts(bot, who, photo))
            if may_write:
                _open_chat(emulator, bot, who, urlsplit(return_to).hostname or "")
        return RedirectResponse(f"{return_to.partition('#')[0]}#tgAuthResult={result}", 303)

    return router


def _bot(emulator: Emulator, bot_id: str) -> Bot | None:
    return emulator.world.bots.get(int(bot_id)) if bot_id.isdigit() else None


def _is_of(return_to: str, origin: str) -> bool:
    """Whether the address belongs to the site: nobody else may get what is signed for it."""
    site, asked = urlsplit(return_to), urlsplit(origin)
    return asked.scheme in ("http", "https") and (site.scheme, site.netloc) == (asked.scheme, asked.netloc)


def _packed(facts: Json) -> str:
    """JSON in ASCII as base64url without padding: pages unpack it with atob and JSON.parse."""
    return base64.urlsafe_b64encode(json.dumps(facts, separators=(",", ":")).encode()).decode().rstrip("=")


def _open_chat(emulator: Emulator, bot: Bot, person: Person, domain: str) -> None:
    chat = emulator.world.private_chat(bot, person)
    if chat.blocked:
        block(emulator, chat, bot, is_blocked=False)
    emulator.service_message(chat, person.user(), {"connected_website": domain})


def _language(request: Request) -> str:
    wish = request.query_params.get("lang") or request.headers.get("Accept-Language", "")
    return "ru" if wish.lower().startswith(("ru", "uk", "be", "kk")) else "en"
