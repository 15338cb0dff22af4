"""The libraries that bots are written with work against the emulator unchanged."""

import asyncio

import telegram as ptb
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputRichMessage,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiogram.types import KeyboardButton as Key

from tests.sandbox.telegram_stand import TOKEN, Stand, stand

_PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d0000000a49444154789c6360")


def _aiogram(place: Stand) -> Bot:
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(place.api)))


async def test_aiogram_talks_presses_edits_and_deletes() -> None:
    async with stand() as place, _aiogram(place) as bot:
        person, key = await place.started("Анна", language_code="ru")
        [update] = await bot.get_updates()
        assert update.message is not None
        assert update.message.text == "/start"
        assert update.message.from_user is not None
        assert update.message.from_user.language_code == "ru"

        keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Buy", callback_data="buy:1")]])
        sent = await bot.send_message(person, "<b>Hi</b> there", parse_mode="HTML", reply_markup=keyboard)
        assert sent.text == "Hi there"
        assert sent.entities is not None
        assert sent.entities[0].type == "bold"

        query = await place.ask("POST", f"/chats/{key}/press", person=person, message_id=sent.message_id, data="buy:1")
        [pressed] = await bot.get_updates(offset=update.update_id + 1)
        assert pressed.callback_query is not None
        assert pressed.callback_query.data == "buy:1"
        await bot.answer_callback_query(pressed.callback_query.id, "Done")
        answer = await place.ask("GET", f"/queries/{query['query']}")
        assert answer["answer"]["text"] == "Done"

        edited = await bot.edit_message_text("Bought", chat_id=person, message_id=sent.message_id)
        assert not isinstance(edited, bool)
        assert edited.text == "Bought"
        assert edited.reply_markup is None
        assert await bot.delete_message(person, sent.message_id)
        history = await place.ask("GET", f"/chats/{key}/messages")
        assert [message["text"] for message in history["messages"]] == ["/start"]


async def test_aiogram_sends_files_keyboards_and_rich_messages() -> None:
    async with stand() as place, _aiogram(place) as bot:
        person, key = await place.started()
        photo = await bot.send_photo(person, BufferedInputFile(_PNG, "a.png"), caption="*x*", parse_mode="MarkdownV2")
        assert photo.photo is not None
        assert (photo.photo[-1].width, photo.photo[-1].height) == (3, 2)
        again = await bot.send_document(person, photo.photo[-1].file_id)
        assert again.document is not None
        file = await bot.get_file(again.document.file_id)
        assert file.file_path is not None
        content = await bot.download_file(file.file_path)
        assert content is not None
        assert content.read() == _PNG

        await bot.send_message(person, "Choose", reply_markup=ReplyKeyboardMarkup(keyboard=[[Key(text="A")]]))
        assert (await place.ask("GET", f"/chats/{key}"))["keyboard"]["keyboard"] == [[{"text": "A"}]]
        await bot.send_message(person, "Chosen", reply_markup=ReplyKeyboardRemove())
        assert (await place.ask("GET", f"/chats/{key}"))["keyboard"] is None

        rich = await bot.send_rich_message(person, InputRichMessage(markdown="# Title\n\n|a|b|\n|-|-:|\n|1|$x^2$|"))
        assert rich.rich_message is not None
        assert [block.type for block in rich.rich_message.blocks] == ["heading", "table"]


async def test_aiogram_sets_what_the_bot_says_about_itself() -> None:
    async with stand() as place, _aiogram(place) as bot:
        await bot.set_my_commands([BotCommand(command="start", description="Begin")])
        await bot.set_my_commands([BotCommand(command="start", description="Начать")], language_code="ru")
        assert (await bot.get_my_commands())[0].description == "Begin"
        assert (await bot.get_my_commands(language_code="ru"))[0].description == "Начать"
        await bot.delete_my_commands(language_code="ru")
        assert await bot.get_my_commands(language_code="ru") == []
        await bot.set_my_description("What it does")
        assert (await bot.get_my_description(language_code="de")).description == "What it does"


async def test_python_telegram_bot_polls_and_answers() -> None:
    async with stand() as place:
        bot = ptb.Bot(TOKEN, base_url=f"{place.api}/bot", base_file_url=f"{place.api}/file/bot")
        async with bot:
            person, key = await place.started()
            waiting = asyncio.create_task(bot.get_updates(timeout=5))
            [update] = await waiting
            assert update.message is not None
            late = asyncio.create_task(bot.get_updates(offset=update.update_id + 1, timeout=5))
            await asyncio.sleep(0.05)
            await place.say(key, person, "hello")
            [second] = await late
            assert second.message is not None
            assert second.message.text == "hello"
            answer = await second.message.reply_text("*bold*", parse_mode="MarkdownV2", do_quote=True)
            assert answer.reply_to_message is not None
            assert answer.reply_to_message.text == "hello"
            document = await bot.send_document(person, b"abc", filename="a.txt", caption="file")
            assert document.document is not None
            assert bytes(await (await document.document.get_file()).download_as_bytearray()) == b"abc"
