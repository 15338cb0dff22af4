"""The bot that the product is compared with: aiogram answers /help with the product's text and buttons."""

import os
from pathlib import Path

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegramify_markdown import convert

from kassa.core import i18n
from kassa.runtime.modules import MODULES

from .serving import setting

TOKEN = "7000000001:bench-bot-token-0000000000000000000"  # noqa: S105 - the stub takes any


def help_bot() -> tuple[Bot, Dispatcher]:
    """The client and the dispatcher with its one handler."""
    texts = i18n.Texts("ru")
    for module in MODULES:
        if module.texts is not None:
            texts.add_folder(Path(module.texts))
    plain, _entities = convert(texts.text("channels-help", "en"))
    menu = sorted(button for module in MODULES for handlers in module.handlers for button in handlers.menu)
    buttons = [InlineKeyboardButton(text=texts.text(key, "en"), callback_data=action) for _, key, action in menu]
    keyboard = InlineKeyboardMarkup(inline_keyboard=[buttons[at : at + 2] for at in range(0, len(buttons), 2)])
    router = Router()

    @router.message(Command("help"))
    async def answer(message: Message) -> None:
        await message.answer(plain, reply_markup=keyboard)

    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    base = f"http://127.0.0.1:{setting('STUB_PORT')}"
    api = TelegramAPIServer(base=base + "/bot{token}/{method}", file=base + "/file/bot{token}/{path}")
    return Bot(os.environ.get("KASSA_BENCH_TOKEN", TOKEN), session=AiohttpSession(api=api, limit=200)), dispatcher
