"""The bare bot: FastAPI takes an update and aiogram answers it before the request ends. Nothing is stored."""

from typing import Any

from fastapi import FastAPI, Request

from .help_bot import help_bot
from .serving import main, serve, setting


async def run() -> None:
    """Serve /webhook."""
    bot, dispatcher = help_bot()
    api = FastAPI()

    @api.post("/webhook")
    async def webhook(request: Request) -> dict[str, bool]:
        update: dict[str, Any] = await request.json()
        await dispatcher.feed_raw_update(bot, update)
        return {"ok": True}

    await serve(api, int(setting("PORT")))
    await bot.session.close()


if __name__ == "__main__":
    main(run())
