"""Answers to pressed inline buttons."""

import time

from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import bad_request

# The real server forgets a query after about a quarter of an hour; clients give up much sooner.
QUERY_LIFETIME_S = 900.0


async def answer_callback_query(emulator: Emulator, call: Call) -> bool:
    """Stop the spinner on the button, perhaps with a notification."""
    query = emulator.queries.get(call.text("callback_query_id"))
    is_known = query is not None and query["bot"] == call.bot.id
    if query is None or not is_known or time.monotonic() - query["at"] > QUERY_LIFETIME_S:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query["answer"] = {"text": text, "show_alert": call.flag("show_alert"), "url": call.text("url")}
    emulator.hub.publish("callback_answer", chat=query["chat"], query=query["id"], answer=query["answer"])
    return True


METHODS: dict[str, Method] = {"answerCallbackQuery": answer_callback_query}
