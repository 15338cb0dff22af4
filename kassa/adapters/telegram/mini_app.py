"""The customer's app in Telegram: buttons that open it, and the button beside the input field."""

import time
from typing import Any

from kassa.core.channels import BotProfile, Buttons, CustomerApp, start_param_of

from . import render
from .client import BotApi

NO_APP = CustomerApp("", is_mini_app=False, oauth_url="")
ASKED_AGAIN_S = 600.0
"""How soon a change of the bot's main Mini App at @BotFather is noticed."""


class MiniApp:
    """How pages of the customer's app are opened from chats."""

    def __init__(self, api: BotApi, app: CustomerApp) -> None:
        self._api = api
        self._app = app
        self._main: dict[int, tuple[float, bool]] = {}

    async def keyboard(self, bot: BotProfile, chat_id: int, buttons: Buttons) -> dict[str, Any] | None:
        """Buttons under a message, those of the app as this chat can open it; None when there are none."""
        has_main = await self._has_main(bot, chat_id, buttons)
        return render.keyboard(buttons, lambda path: self._opening(bot, chat_id, path, has_main=has_main))

    async def set_menu_button(self, bot: BotProfile, text: str) -> None:
        """Let the button beside the input field open the app; without a usable address it stays as it is."""
        if self._app.is_mini_app:
            button = {"type": "web_app", "text": text, "web_app": {"url": self._app.address("/", bot.id)}}
            await self._api.call(bot.token, "setChatMenuButton", menu_button=button)

    async def _has_main(self, bot: BotProfile, chat_id: int, buttons: Buttons) -> bool:
        """Whether links may start the app: its owner has told @BotFather of it. Asked for groups only, and rarely."""
        if chat_id > 0 or not self._app.is_mini_app or not any(button.app for row in buttons for button in row):
            return False
        known = self._main.get(bot.telegram_id)
        if known is None or known[0] < time.monotonic():
            me = await self._api.call(bot.token, "getMe")
            known = (time.monotonic() + ASKED_AGAIN_S, bool(me.get("has_main_web_app")))
            self._main[bot.telegram_id] = known
        return known[1]

    def _opening(self, bot: BotProfile, chat_id: int, path: str, *, has_main: bool) -> dict[str, Any] | None:
        """What a button does: the app itself in private chats, a link in groups; None where there is no way."""
        if not self._app.is_mini_app:
            # Without https Telegram opens pages in the browser only, and none that it cannot reach.
            return {"url": self._app.address(path)} if self._app.is_reachable else None
        if chat_id > 0:
            return {"web_app": {"url": self._app.address(path, bot.id)}}
        page = start_param_of(path)
        if has_main:
            return {"url": f"https://t.me/{bot.username}?startapp={page}"}
        return {"url": f"https://t.me/{bot.username}?start=app_{page}"}
