"""A mail server that delivers nowhere: it keeps what it is sent, for people and tests to read."""

import asyncio
import email
import email.policy
import html
import itertools
import logging
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from kassa.kit import clock
from kassa.sandbox.store import Store

KEPT = 500

logging.getLogger("mail.log").setLevel(logging.WARNING)  # the library tells every command of every session

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mail · Kassa sandbox</title><style>:root{{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}}
body{{max-width:44rem;margin:2rem auto;padding:0 1rem}}article{{border:1px solid #8884;border-radius:12px;
padding:1rem 1.25rem;margin:1rem 0}}h2{{font-size:1.05rem;margin:0}}
p{{white-space:pre-wrap;overflow-wrap:anywhere;margin:.75rem 0 0}}
small{{opacity:.7}}a{{color:inherit}}</style><h1>Mail</h1>
<p>Every message that this installation has sent, newest first. Nothing leaves this machine.
<a href="/sandbox/">Back to the phone</a></p>{messages}</html>"""


class Mailbox:
    """Takes mail by SMTP on a port of its own and keeps it."""

    def __init__(self, store: Store, port_file: Path | None) -> None:
        self._store = store
        self._port_file = port_file
        self._server: asyncio.Server | None = None
        known = [int(key) for key, _ in store.all("mail")]
        self._numbers = itertools.count(max(known, default=0) + 1)

    async def start(self) -> None:
        """Listen on a free port of this machine and write down which."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="localhost", ident="sandbox"), "127.0.0.1", 0
        )
        if self._port_file is not None:
            self._port_file.parent.mkdir(parents=True, exist_ok=True)
            self._port_file.write_text(str(self._server.sockets[0].getsockname()[1]))

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        """Keep one message (aiosmtpd's protocol)."""
        content = envelope.content or b""
        parsed = email.message_from_bytes(
            content if isinstance(content, bytes) else content.encode(), policy=email.policy.default
        )
        body = parsed.get_body(("plain",)) if isinstance(parsed, EmailMessage) else None
        number = next(self._numbers)
        message = {
            "number": number, "to": list(envelope.rcpt_tos), "from": str(parsed["From"] or envelope.mail_from),
            "subject": str(parsed["Subject"] or ""), "text": body.get_content().strip() if body else "",
            "id": str(parsed["Message-ID"] or ""), "at": clock.now().astimezone(UTC).isoformat(),
        }  # fmt: skip
        # A second delivery of the same message is the same message.
        if message["id"] not in {known["id"] for known in self.messages()}:
            self._store.put("mail", f"{number:010}", message)
        if number > KEPT:
            self._store.delete("mail", f"{number - KEPT:010}")
        return "250 OK"

    def messages(self, to: str = "") -> list[dict[str, Any]]:
        """What was sent, the newest first; to one address, or to all."""
        found = [message for _, message in self._store.all("mail")]
        return [message for message in reversed(found) if not to or to in message["to"]]


def mail_router(mailbox: Mailbox) -> APIRouter:
    """Reading the mailbox: JSON for tests, a page for people."""
    router = APIRouter()

    @router.get("/api/mail")
    async def messages(to: str = "") -> list[dict[str, Any]]:
        return mailbox.messages(to)

    @router.get("/mail", response_class=HTMLResponse)
    async def page() -> HTMLResponse:
        shown = "".join(_article(message) for message in mailbox.messages())
        return HTMLResponse(
            _PAGE.format(messages=shown or "<p>Nothing yet.</p>"), headers={"Cache-Control": "no-store"}
        )

    return router


def _article(message: dict[str, Any]) -> str:
    text = re.sub(
        r"https?://[^\s<]+", lambda link: f'<a href="{link[0]}">{link[0]}</a>', html.escape(message["text"], quote=True)
    )
    at = datetime.fromisoformat(message["at"])
    to = html.escape(", ".join(message["to"]))
    return (
        f"<article><h2>{html.escape(message['subject'])}</h2><small>{to} · {at:%Y-%m-%d %H:%M:%S}</small>"
        f"<p>{text}</p></article>"
    )
