"""The chat widget: one script for pages of any site, and a page that shows it in sandbox mode."""

import html

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from kassa.runtime import spa
from kassa.runtime.settings import Settings

SCRIPT = spa.ASSETS / "widget" / "widget.js"
_ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

_DEMO = """<!doctype html><html lang="{locale}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>
<style>:root{{color-scheme:light dark;font:17px/1.6 system-ui,sans-serif}}
body{{max-width:38rem;margin:12vh auto;padding:0 1.25rem}}pre{{overflow-x:auto}}</style>
<h1>{title}</h1><p>{text}</p>
<pre><code>&lt;script src="{base}/widget.js" data-locale="{locale}" defer&gt;&lt;/script&gt;</code></pre>
<script src="/widget.js" data-locale="{locale}" data-theme="{theme}" data-open></script></html>"""
_WORDS = {
    "ru": (
        "Чат на любой странице",
        "Одна строка, и на странице есть чат: те же меню, покупки и ответы, что в Telegram.",
    ),
    "en": (
        "A chat on any page",
        "One line puts a chat there: the same menus, purchases and answers as in Telegram.",
    ),
}


def mount(api: FastAPI, settings: Settings) -> None:
    """Serve the script, and in sandbox mode the demonstration; let pages of KASSA_WIDGET_ORIGINS call the API."""

    @api.get("/widget.js", include_in_schema=False)
    async def script(request: Request) -> Response:
        if not SCRIPT.is_file():
            raise HTTPException(404, "The widget is not built")
        answer = spa.file_answer(SCRIPT, SCRIPT.parent, request.headers)
        answer.headers.update(_ANYWHERE | {"Cache-Control": "public, max-age=300"})
        return answer

    if settings.serves_sandbox:

        @api.get("/sandbox/widget", include_in_schema=False)
        async def demo(locale: str = "ru", theme: str = "auto") -> HTMLResponse:
            locale = locale if locale in _WORDS else "en"
            title, text = _WORDS[locale]
            page = _DEMO.format(locale=locale, title=title, text=text, base=settings.base_url, theme=html.escape(theme))
            return HTMLResponse(page)

    if settings.widget_origins:
        # No cookies are ours, so a page of any origin can do no more than its visitor's token allows.
        api.add_middleware(
            CORSMiddleware, allow_origins=settings.widget_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key"], expose_headers=["Retry-After"],
            max_age=600,
        )  # fmt: skip
