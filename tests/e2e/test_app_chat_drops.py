"""CHN-4, NFR-5, APP-2: the chat of the customer's app over lost connections, reloads, two windows and long answers."""

import asyncio

from playwright.async_api import Browser, expect

from kassa.core import channels
from kassa.core.channels import Outgoing
from kassa.kit.db import Database
from tests.e2e.app_chat import ChatApp
from tests.e2e.cuttable import Network, network
from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.e2e.page import SECONDS
from tests.e2e.panel import window
from tests.flows.installation import Installation

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

CUTS, MESSAGES, SAID = 40, 200, 10
PART = """## Part

Words **and** more words of an answer.

| a | b |
|---|---|
| 1 | 2 |

```py
print(1)
```

- one
- two

"""


async def test_a_chat_that_drops_often_shows_each_message_once_in_order(browser: Browser, place: Installation) -> None:
    """CHN-4, NFR-5: forty lost connections and a reload while two hundred messages come and two windows write:
    everything once and in order, in both, up to the first message; the place is kept when earlier ones come."""
    async with network(int(place.base.rpartition(":")[2])) as wires:
        context = await window(browser, "en", "light", "phone")
        app = ChatApp(await context.new_page(), wires.base, "en")
        await app.visit()
        await app.say("/nothing-yet")
        await app.sees("There is no such command")
        other = ChatApp(await context.new_page(), wires.base, "en")
        await other.chat()
        chat_id, bot = await app.place_of_chat(place)
        cutting = asyncio.create_task(_cut(wires))
        writing = [asyncio.create_task(_write(one, name)) for one, name in ((app, "a"), (other, "b"))]
        database = Database(place.database_url, pool_size=2)
        messenger = channels.WebMessenger(database)
        for number in range(MESSAGES):
            await messenger.send(bot, chat_id, Outgoing(f"Message {number} of {MESSAGES}"))
            await asyncio.sleep(0.03)
        await database.close()
        await asyncio.gather(*writing)
        await cutting
        # What was written during a gap is sent after it, and answered after that.
        await place.until(
            "select count(*) = $2 from channel_web_message where chat_id = $1 and author = 'customer'"
            " and text ~ '^/[ab][0-9]+$'", chat_id, 2 * SAID, timeout_s=120,
        )  # fmt: skip
        await other.page.reload()
        await place.until(
            "select not exists (select 1 from channel_update where chat_id = $1 and state = 'new') and not exists"
            " (select 1 from channel_message where chat_id = $1 and state = 'pending')", chat_id,
        )  # fmt: skip
        query = "select id, text, author from channel_web_message where chat_id = $1 order by id"
        rows = await place.rows(query, chat_id)
        said = [row["text"] for row in rows if row["author"] == "customer"][1:]
        for name in "ab":
            wanted = [f"/{name}{number}" for number in range(SAID)]
            assert [text for text in said if text.startswith(f"/{name}")] == wanted
        assert wires.cuts >= CUTS
        for one in (app, other):
            await one.page.bring_to_front()
            await expect(one.log.locator(f"[data-id='{rows[-1]['id']}']")).to_be_visible(timeout=40 * SECONDS)
            await expect(one.page.get_by_text(one.t("chat.sending"))).to_have_count(0)
            assert await one.read_all() == [row["id"] for row in rows]
        await other.log.hover()
        await other.page.mouse.wheel(0, -3000)
        await other.button("chat.to_end").click()
        await expect(other.log.locator(f"[data-id='{rows[-1]['id']}']")).to_be_in_viewport()
        await context.close()


async def test_without_a_connection_words_wait_also_over_a_reload(browser: Browser, place: Installation) -> None:
    """CHN-4, APP-2: what was written while the connection is away is told to wait, and said once when it is back,
    also when the page was closed meanwhile."""
    async with network(int(place.base.rpartition(":")[2])) as wires:
        context = await window(browser, "en", "light", "phone")
        app = ChatApp(await context.new_page(), wires.base, "en")
        await app.visit()
        wires.is_down = True
        wires.cut()
        await expect(app.page.get_by_text(app.t("chat.away"))).to_be_visible()
        await app.say("/profile")
        await app.sees(app.t("chat.sending"))
        await app.page.goto("about:blank")
        wires.is_down = False
        await app.chat()
        await app.sees("customer number")
        await expect(app.page.get_by_text(app.t("chat.sending"))).to_have_count(0)
        assert await app.log.get_by_text("/profile", exact=True).count() == 1
        await context.close()


async def test_a_very_long_answer_does_not_hold_the_page_up(chat_app: ChatApp, place: Installation) -> None:
    """APP-2: two hundred thousand characters with tables and code: no task of the page takes a second at
    the best of three, as the machine runs the server and other tests too. What is far from the screen is not drawn."""
    app = chat_app
    chat_id, bot = await app.place_of_chat(place)
    await app.page.evaluate(
        "() => { new PerformanceObserver(list => { for (const one of list.getEntries())"
        " window.longest = Math.max(window.longest, one.duration); }).observe({type: 'longtask'}); }"
    )
    database = Database(place.database_url, pool_size=2)
    body, longest = PART * (200_000 // len(PART)), []
    for end in ("the first end", "the second end", "the third end"):
        await app.page.evaluate("() => { window.longest = 0; }")
        await channels.WebMessenger(database).send(bot, chat_id, Outgoing(body + end))
        await expect(app.page.get_by_text(end)).to_be_visible()
        longest.append(await app.page.evaluate("() => window.longest"))
    await database.close()
    assert min(longest) < 1000


async def _cut(wires: Network) -> None:
    while wires.cuts < CUTS:
        await asyncio.sleep(0.15)
        wires.cut()


async def _write(app: ChatApp, name: str) -> None:
    for number in range(SAID):
        await app.say(f"/{name}{number}")
        await asyncio.sleep(0.5)
