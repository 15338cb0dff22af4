"""Mail by SMTP (RFC 5321), by the library aiosmtplib."""

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from kassa.kit import clock
from kassa.kit.errors import Invalid, Unavailable

TIMEOUT_S = 20.0


class SmtpMailer:
    """Sends through one server: `smtp://user:password@host:587?from=Shop <shop@example.com>`.

    `smtps://` speaks TLS from the first byte; `smtp://` turns to TLS when the server offers it, and must when there is
    a password. The address is a function because the sandbox's server takes a port of its own at its start.
    """

    def __init__(self, url: Callable[[], str], default_sender: str) -> None:
        self._url = url
        self._default_sender = default_sender

    @property
    def is_set_up(self) -> bool:
        """Whether there is a server to send through."""
        return bool(self._url())

    async def send(self, to: str, subject: str, text: str, message_id: str) -> None:
        """Send one message. Raises Unavailable `mail.unavailable`, Invalid `mail.refused`."""
        parts = urlsplit(self._url())
        if not parts.hostname:
            raise Unavailable("mail.unavailable", "No mail server is set up: KASSA_SMTP_URL")
        sender = parse_qs(parts.query).get("from", [self._default_sender])[0]
        host = parseaddr(sender)[1].partition("@")[2] or "localhost"
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"] = formatdate(clock.now().timestamp(), usegmt=True)
        message["Message-ID"] = f"<{message_id}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        is_tls = parts.scheme == "smtps"
        has_password = bool(parts.password)
        try:
            await aiosmtplib.send(
                message, hostname=parts.hostname, port=parts.port or (465 if is_tls else 587), use_tls=is_tls,
                start_tls=None if is_tls or not has_password else True, timeout=TIMEOUT_S,
                username=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
            )  # fmt: skip
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPResponseException) as error:
            code = getattr(error, "code", 550)
            if code >= 500 and not isinstance(error, aiosmtplib.SMTPAuthenticationError):
                raise Invalid("mail.refused", "The mail server refused the message", answer=code) from error
            raise Unavailable("mail.unavailable", "The mail server does not take mail now", answer=code) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Unavailable("mail.unavailable", "The mail server does not answer") from error
