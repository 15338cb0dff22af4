"""AI-8, CHN-1, CHN-4, FIL-1: pictures and documents as questions, on a page and in Telegram, down to the model."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from kassa.kit import ids
from tests.flows.installation import Installation
from tests.flows.phone import Json, Phone, text_of
from tests.flows.steps import buy, choose, eventually, has_button, press, tokens
from tests.flows.web_page import Page, next_frame, visit

Visit = Callable[[Installation], Awaitable[Page]]


@pytest.fixture
async def visitor(http: aiohttp.ClientSession) -> AsyncIterator[Visit]:
    """Opens pages of people who can pay, and closes them when the test is over."""
    opened: list[Page] = []

    async def open_page(place: Installation) -> Page:
        opened.append(await visit(http, place.base))
        await buy(opened[-1])
        return opened[-1]

    yield open_page
    for page in opened:
        await page.close()


async def test_a_page_asks_about_a_picture_and_documents(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """AI-8, CHN-4: uploaded files go with a message, are told with addresses that work, and reach the model."""
    page = await visitor(checked)
    await choose(page)
    sent = [
        await _upload(page, checked, "beach.png", _picture(64, 48), "image/png"),
        await _upload(page, checked, "notes.md", b"# Notes\n\nTea is hot.", "text/markdown"),
        await _upload(page, checked, "bill.pdf", _pdf("Invoice 4711 for tea"), "application/pdf"),
    ]
    said = await _say(page, "Что здесь?", sent)
    assert [file["name"] for file in said["attachments"]] == ["beach.jpg", "notes.md", "bill.pdf"]
    answer = await page.wait("песочница", after=said["id"])
    assert "Вижу изображений: 1 (64×48)" in text_of(answer)
    assert "Прочитан документ: notes.md (20)" in text_of(answer)
    assert "Прочитан документ: bill.pdf" in text_of(answer)
    assert await tokens(checked, page, http) == (149_000, 0)

    told = next(event["payload"] for event in page.events if event["payload"].get("id") == said["id"])
    history = (await page.api("GET", "/chat/messages"))["items"]
    kept = next(message for message in history if message["id"] == said["id"])
    for message in (said, told, kept):
        assert [file["id"] for file in message["attachments"]] == sent
        for file in message["attachments"]:
            async with http.get(checked.base + file["url"]) as content:
                assert content.status == 200
    async with http.get(checked.base + kept["attachments"][0]["thumbnail_url"]) as small:
        assert small.content_type == "image/webp"

    asked = await _last_request(checked, http, "openai")
    content = asked["body"]["messages"][-1]["content"]
    assert [part["type"] for part in content] == ["text", "text", "image_url", "text"]
    assert 'name="bill.pdf"' in content[1]["text"]
    assert "Invoice 4711 for tea" in content[1]["text"]
    assert content[2]["image_url"]["url"].startswith("data:image/jpeg;base64,")
    assert content[3]["text"] == "Что здесь?"


async def test_a_later_question_of_the_dialog_still_sees_the_picture(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """AI-8: the dialog's history has its files; a model that does not see is told their names instead; a file that
    is gone stops nobody."""
    page = await visitor(checked)
    await choose(page)
    picture = await _upload(page, checked, "cat.png", _picture(30, 20), "image/png")
    said = await _say(page, "Кто это?", [picture])
    await page.wait("песочница", after=said["id"])
    again = await _say(page, "А какого он цвета?")
    await page.wait("песочница", after=again["id"])
    earlier = (await _last_request(checked, http, "openai"))["body"]["messages"][0]["content"]
    assert [part["type"] for part in earlier] == ["image_url", "text"]
    await choose(page, "deepseek")
    third = await _say(page, "Опиши словами")
    await page.wait("песочница", after=third["id"])
    assert (await _last_request(checked, http, "deepseek"))["body"]["messages"][0]["content"] == "[cat.jpg]\nКто это?"
    await page.api("DELETE", f"/files/{picture}")
    await choose(page)
    fourth = await _say(page, "А теперь?")
    await page.wait("песочница", after=fourth["id"])
    assert (await _last_request(checked, http, "openai"))["body"]["messages"][0]["content"] == "[cat.jpg]\nКто это?"


async def test_a_model_that_does_not_see_says_so_before_anything_is_charged(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """AI-8, AI-3: DeepSeek takes no pictures: nothing is held, and a press lets one answer that does."""
    page = await visitor(checked)
    await choose(page, "deepseek")
    before = await tokens(checked, page, http)
    picture = await _upload(page, checked, "sea.png", _picture(40, 30), "image/png")
    await _say(page, "Какое это море?", [picture])
    offer = await page.wait("не видит картинки")
    assert await tokens(checked, page, http) == before == (150_000, 0)
    assert has_button("files:claude-sonnet")(offer)
    assert not has_button("files:sonar")(offer)
    await press(page, offer, "files:claude-sonnet")
    assert "Вижу изображений: 1 (40×30)" in text_of(await page.wait("песочница"))
    assert await tokens(checked, page, http) == (148_800, 0)
    await press(page, offer, "files:claude-sonnet")
    await asyncio.sleep(0.5)
    assert await tokens(checked, page, http) == (148_800, 0), "the files were asked about already"


async def test_files_that_may_not_be_used_are_refused_with_a_code(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """CHN-4, FIL-4, SEC-1: somebody else's file is not there; one that waits or is infected is a conflict; eleven are
    too many; an empty message is none. A repeat answers as the first time even when the file is gone since."""
    page, stranger = await visitor(checked), await visitor(checked)
    await choose(page)
    foreign = await _upload(stranger, checked, "a.txt", b"secret", "text/plain")
    mine = await _upload(page, checked, "b.txt", b"mine", "text/plain")

    async def refused(status: int, code: str, **body: Any) -> None:
        found = await page.api("POST", "/chat/messages", status, client_id=ids.new().hex, **body)
        assert found["code"] == code

    await refused(404, "files.not_found", text="x", attachments=[foreign])
    await refused(404, "files.not_found", text="x", attachments=[str(ids.new())])
    await refused(422, "request.invalid", text="x", attachments=[mine] * 11)
    await refused(422, "channels.text_empty", text=" ")
    await checked.rows("update files_object set state = 'pending' where id = $1", UUID(mine))
    await refused(409, "files.not_ready", text="x", attachments=[mine])
    await checked.rows("update files_object set state = 'infected' where id = $1", UUID(mine))
    await refused(409, "files.infected", text="x", attachments=[mine])
    await checked.rows("update files_object set state = 'clean' where id = $1", UUID(mine))
    first = await page.api("POST", "/chat/messages", 201, text="/help", attachments=[mine], client_id="kept")
    await page.api("DELETE", f"/files/{mine}")
    again = await page.api("POST", "/chat/messages", 200, text="/help", attachments=[mine], client_id="kept")
    assert again["id"] == first["id"]
    assert again["attachments"][0]["name"] == "b.txt"
    async with http.ws_connect(f"{checked.base}/api/v1/ws") as socket:
        await socket.send_json({"type": "hello", "token": page.tokens["access_token"]})
        await socket.send_json({"type": "subscribe", "stream": page.stream})
        body = {"kind": "message", "text": "", "attachments": [foreign]}
        await socket.send_json({"type": "post", "stream": page.stream, "id": "d", "payload": body})
        refusal = await next_frame(socket, "error")
    assert refusal["code"] == "files.not_found"


async def test_what_no_model_reads_costs_nothing(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """AI-8, AI-3: a film, a text that is too long, a PDF without words: told plainly, for free."""
    page = await visitor(checked)
    await choose(page)
    video = await _upload(page, checked, "a.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 64, "video/mp4")
    await _say(page, "Что там?", [video])
    await page.wait("прочитать не могут")
    long = await _upload(page, checked, "long.txt", ("слово " * 60_000).encode(), "text/plain")
    await _say(page, "Кратко", [long])
    await page.wait("Документ слишком длинный")
    middle = await _upload(page, checked, "middle.txt", ("слово " * 12_000).encode(), "text/plain")
    said = await _say(page, "Кратко", [middle])
    await page.wait("Документ слишком длинный", after=said["id"])
    scan = await _upload(page, checked, "scan.pdf", _pdf(""), "application/pdf")
    await _say(page, "Что в нём?", [scan])
    await page.wait("не нашлось текста")
    await eventually(lambda: tokens(checked, page, http), (150_000, 0))


async def test_a_price_by_tokens_holds_what_a_picture_may_cost(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """AI-3, AI-8: where the price is by tokens the hold counts a picture in, and what was used is charged."""
    owner = await checked.owner(http)
    price = {"units": [{"of": "input_tokens", "per": 1, "rate": 1}, {"of": "output_tokens", "per": 1, "rate": 0}]}
    await _set_price(checked, http, owner, "gemini-pro", price)
    try:
        page = await visitor(checked)
        await choose(page, "gemini-pro")
        picture = await _upload(page, checked, "hill.png", _picture(80, 60), "image/png")
        said = await _say(page, "Что за холм?", [picture])
        await page.wait("песочница", after=said["id"])
        row = (await checked.rows("select * from ai_access_request order by number desc limit 1"))[0]
        assert row["price_tokens"] >= 2_500 + 4_000
        assert 1_000 <= row["charged_tokens"] == row["input_tokens"] <= row["price_tokens"]
        await eventually(lambda: tokens(checked, page, http), (150_000 - row["charged_tokens"], 0))
    finally:
        await _set_price(checked, http, owner, "gemini-pro", {"base": 900})


async def test_a_photo_in_telegram_is_a_question(checked: Installation, http: aiohttp.ClientSession) -> None:
    """AI-8, CHN-1: a photo with words, a document, a photo alone; the same way and price as on a page."""
    phone = await checked.meet(http)
    await buy(phone)
    await choose(phone, "claude-sonnet")
    sent = await _send(phone, "photo", "photo.jpg", _picture(50, 40, "JPEG"), "Что на фото?")
    answer = await phone.wait("песочница", after=sent["message_id"])
    assert "Вижу изображений: 1 (50×40)" in text_of(answer)
    sent = await _send(phone, "document", "main.go", b"package main // tea", "Что делает код?")
    answer = await phone.wait("песочница", after=sent["message_id"])
    assert "Прочитан документ: main.go (19)" in text_of(answer)
    sent = await _send(phone, "photo", "photo.jpg", _picture(60, 40, "JPEG"), "")
    assert "Pictures received: 1 (60×40)" in text_of(await phone.wait("sandbox", after=sent["message_id"]))
    await eventually(lambda: tokens(checked, phone, http), (150_000 - 3 * 1_200, 0))


async def test_an_album_is_one_question(checked: Installation, http: aiohttp.ClientSession) -> None:
    """AI-8, AI-3: pictures that come one by one are asked about together, by a press or by a text, for one price."""
    phone = await checked.meet(http)
    await buy(phone)
    await choose(phone, "claude-sonnet")
    for number in range(3):
        await _send(phone, "photo", "p.jpg", _picture(10 + number, 10, "JPEG"), "" if number else "Сравни", "album-1")
    offer = await phone.wait("Файлы получены")
    await eventually(lambda: _waiting(checked, phone), 3)
    await press(phone, offer, "files:")
    answer = await phone.wait("песочница", after=offer["message_id"])
    assert "Вижу изображений: 3 (10×10, 11×10, 12×10)" in text_of(answer)
    assert len([m for m in await phone.from_bot() if "Файлы получены" in text_of(m)]) == 1
    for number in range(2):
        await _send(phone, "photo", "p.jpg", _picture(20 + number, 10, "JPEG"), "", "album-2")
    await eventually(lambda: _waiting(checked, phone), 2)
    asked = await phone.say("Какая лучше?")
    assert "Вижу изображений: 2" in text_of(await phone.wait("песочница", after=asked["message_id"]))
    await eventually(lambda: tokens(checked, phone, http), (150_000 - 2 * 1_200, 0))


async def test_files_in_telegram_that_do_not_come_are_told(checked: Installation, http: aiohttp.ClientSession) -> None:
    """AI-8, CHN-1: voice, a program, a file that Telegram does not give: told, and nothing is charged or stuck."""
    phone = await checked.meet(http)
    await buy(phone)
    await _send(phone, "voice", "a.ogg", b"OggS" + b"\0" * 40, "")
    await phone.wait("пока не понимает")
    await _send(phone, "document", "a.exe", b"MZ\0\0\x01", "Что это?")
    await phone.wait("Такие файлы не принимаем")
    await phone.fault("telegram", "500", times=2, match="getFile")
    await _send(phone, "photo", "p.jpg", _picture(10, 10, "JPEG"), "Что это?")
    await phone.wait("не отдал файл")
    await eventually(lambda: tokens(checked, phone, http), (150_000, 0))


def _picture(width: int, height: int, kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#0f6a50").save(made, kind)
    return made.getvalue()


def _pdf(words: str) -> bytes:
    made = io.BytesIO()
    page = canvas.Canvas(made)
    page.drawString(72, 720, words)
    page.save()
    return made.getvalue()


async def _upload(page: Page, place: Installation, name: str, data: bytes, media_type: str) -> str:
    body = aiohttp.FormData()
    body.add_field("file", data, filename=name, content_type=media_type)
    url = f"{place.base}/api/v1/files"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=page.auth) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def _say(page: Page, text: str, attachments: list[str] | None = None) -> Json:
    body = {"text": text, "attachments": attachments or [], "client_id": ids.new().hex}
    return dict(await page.api("POST", "/chat/messages", 201, **body))


async def _send(phone: Phone, kind: str, name: str, data: bytes, caption: str, album: str = "") -> Json:
    body = aiohttp.FormData({"person": str(phone.person), "kind": kind, "caption": caption, "album": album})
    body.add_field("file", data, filename=name, content_type="application/octet-stream")
    url = f"{phone.base}/sandbox/api/chats/{phone.key}/files"
    async with aiohttp.ClientSession() as http, http.post(url, data=body) as answer:
        assert answer.status == 201, await answer.text()
        return dict(await answer.json())


async def _waiting(place: Installation, phone: Phone) -> int:
    query = "select coalesce(jsonb_array_length(context -> 'files'), 0) from channel_chat where chat_id = $1"
    return int(await place.value(query, phone.person) or 0)


async def _last_request(place: Installation, http: aiohttp.ClientSession, provider: str) -> Json:
    async with http.get(f"{place.world}/sandbox/ai/requests") as answer:
        assert answer.status == 200, await answer.text()
        found = [one for one in await answer.json() if one["provider"] == provider]
    return dict(found[-1])


async def _set_price(
    place: Installation, http: aiohttp.ClientSession, owner: dict[str, str], model: str, price: Json
) -> None:
    url = f"{place.base}/api/v1/admin/ai/models/{model}/prices"
    async with http.post(url, json={"price": price, "reason": "for a test"}, headers=owner) as answer:
        assert answer.status < 300, await answer.text()
