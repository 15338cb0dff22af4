"""Showing an answer while it is written: drafts in private chats, edits of one message in groups (CHN-3)."""

import time

import structlog

from kassa.core import channels
from kassa.core.channels import BotProfile, Button, Format, Outgoing
from kassa.kit.errors import AppError

logger = structlog.get_logger(__name__)

EDIT_EVERY_S = 3.0
KEEP_ALIVE_S = 20.0
"""A draft vanishes after 30 seconds: it is shown again while a slow model thinks."""
DRAFT_FAILURES = 3
"""Drafts may fail now and then; after so many failures in a row they are given up, and never traded for edits."""
EDIT_TAIL = 3600


class Preview:
    """What the customer sees of one answer before it is complete. Losing it never loses the answer."""

    def __init__(
        self,
        messenger: channels.Messenger,
        bot: BotProfile,
        chat_id: int,
        *,
        draft_id: int,
        is_private: bool,
        stop_button: str,
        reply_to: int | None,
        placeholder_id: int | None,
    ) -> None:
        self._messenger = messenger
        self._bot = bot
        self._chat_id = chat_id
        self._draft_id = draft_id
        self._uses_drafts = is_private
        self._stop = [[Button(stop_button, f"stop:{draft_id}")]]
        self._reply_to = reply_to
        self.placeholder_id = placeholder_id
        self._shown = ""
        self._shown_at = 0.0
        self._failures = 0

    async def show(self, text: str) -> None:
        """Show the text so far if it is time to; the latest text wins, what came between is skipped."""
        now = time.monotonic()
        every = self._messenger.draft_every_s if self._uses_drafts else EDIT_EVERY_S
        is_stale = now - self._shown_at >= KEEP_ALIVE_S
        if self._failures >= DRAFT_FAILURES or now - self._shown_at < every or (text == self._shown and not is_stale):
            return
        self._shown_at, self._shown = now, text
        try:
            if self._uses_drafts:
                await self._messenger.draft(self._bot, self._chat_id, self._draft_id, text, rich=_is_rich(text))
            else:
                await self._edit(text)
            self._failures = 0
        except channels.DraftsUnsupported:
            self._uses_drafts = False
        except channels.SlowDown as error:
            # Not a failure: the limiter keeps drafts back until the channel's pause is over.
            self._shown_at = now + float(error.facts["retry_after_s"]) - every
        except AppError as error:
            self._failures += 1
            logger.info("preview_not_shown", code=error.code, request_number=self._draft_id)

    async def _edit(self, text: str) -> None:
        shown = text[-EDIT_TAIL:] if text else "…"
        message = Outgoing(shown, self._stop, Format.MARKDOWN, self.placeholder_id, self._reply_to)
        self.placeholder_id = await self._messenger.send(self._bot, self._chat_id, message)


def answer_messages(
    messenger: channels.Messenger, text: str, *, placeholder_id: int | None, reply_to: int | None
) -> list[Outgoing]:
    """An answer as messages: an ordinary one when short and simple; rich for tables, formulas, code and length."""
    style = Format.RICH if _is_rich(text) else Format.MARKDOWN
    base = Outgoing(text, (), style, placeholder_id, None if placeholder_id else reply_to)
    return messenger.split(text, base)


def _is_rich(text: str) -> bool:
    """Whether the text has what an ordinary message cannot show, or too much of it."""
    return len(text) > 3500 or "\n|" in text or "$$" in text or "\\[" in text or "\\(" in text or "\n#" in f"\n{text}"
