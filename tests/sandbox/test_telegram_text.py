"""Texts are refused for the reasons, and in the words, of the real server."""

import pytest

from tests.sandbox.telegram_schema import telegram_schema, validate_object, validate_request
from tests.sandbox.telegram_stand import Json, stand

_BAD = [
    ({"text": ""}, "message text is empty"),
    ({"text": "  "}, "text must be non-empty"),
    ({"text": "x" * 4097}, "message is too long"),
    (
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    ({"text": "a <x>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "x" at byte offset 2'),
    ({"text": "я</b>", "parse_mode": "HTML"}, "can't parse entities: Unexpected end tag at byte offset 2"),
    (
        {"text": "<b>x</i>", "parse_mode": "HTML"},
        'can\'t parse entities: Unmatched end tag, expected "</b>", found "</i>" at byte offset 4',
    ),
    (
        {"text": "1. x", "parse_mode": "MarkdownV2"},
        "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    (
        {"text": "a *b", "parse_mode": "MarkdownV2"},
        "can't parse entities: Can't find end of Bold entity at byte offset 2",
    ),
    (
        {"text": "a _b", "parse_mode": "Markdown"},
        "can't parse entities: Can't find end of the entity starting at byte offset 2",
    ),
    ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    (
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "д" * 33}]]}},
        "BUTTON_DATA_INVALID",
    ),
    (
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
]


@pytest.mark.parametrize(("params", "error"), _BAD)
async def test_a_wrong_message_is_refused(params: Json, error: str) -> None:
    async with stand() as place:
        person, _ = await place.started()
        answer = await place.call("sendMessage", chat_id=person, **params)
        assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {error}"}


@pytest.mark.parametrize(
    ("params", "text", "kinds"),
    [
        ({"text": "<b>a<i>b</i></b>&lt;", "parse_mode": "html"}, "ab<", [("bold", 0, 2), ("italic", 1, 1)]),
        ({"text": "😀 <code>x</code>", "parse_mode": "HTML"}, "😀 x", [("code", 3, 1)]),
        ({"text": "*a __b__* \\.", "parse_mode": "MarkdownV2"}, "a b .", [("bold", 0, 3), ("underline", 2, 1)]),
        ({"text": ">q\n>r\nx", "parse_mode": "MarkdownV2"}, "q\nr\nx", [("blockquote", 0, 3)]),
        ({"text": "```py\nx=1```", "parse_mode": "MarkdownV2"}, "x=1", [("pre", 0, 3)]),
        ({"text": "||a||", "parse_mode": "MarkdownV2"}, "a", [("spoiler", 0, 1)]),
        ({"text": "/go to kassa.dev @kassa_bot"}, "/go to kassa.dev @kassa_bot",
         [("bot_command", 0, 3), ("url", 7, 9), ("mention", 17, 10)]),
        ({"text": " x ", "entities": [{"type": "bold", "offset": 1, "length": 2}]}, "x", [("bold", 0, 1)]),
        ({"text": "x" * 4096}, "x" * 4096, []),
    ],
)  # fmt: skip
async def test_a_text_is_stored_with_its_entities(params: Json, text: str, kinds: list[tuple[str, int, int]]) -> None:
    async with stand() as place:
        person, _ = await place.started()
        message = (await place.call("sendMessage", chat_id=person, **params))["result"]
        assert message["text"] == text
        found = [(item["type"], item["offset"], item["length"]) for item in message.get("entities", [])]
        assert found == kinds


async def test_an_edit_that_changes_nothing_is_refused() -> None:
    async with stand() as place:
        person, _ = await place.started()
        sent = (await place.call("sendMessage", chat_id=person, text="same"))["result"]
        same = {"chat_id": person, "message_id": sent["message_id"], "text": "same"}
        answer = await place.call("editMessageText", **same)
        assert answer["description"].startswith("Bad Request: message is not modified")
        assert (await place.call("editMessageText", **{**same, "message_id": 777}))["description"].endswith("not found")
        assert (await place.call("editMessageText", **{**same, "message_id": 1}))["description"].endswith("be edited")


async def test_rich_messages_keep_their_limits() -> None:
    async with stand() as place:
        person, _ = await place.started()

        async def refusal(rich: Json) -> str:
            answer = await place.call("sendRichMessage", chat_id=person, rich_message=rich)
            return str(answer.get("description", ""))

        assert await refusal({"markdown": "x" * 32_768}) == ""
        assert await refusal({"markdown": "x" * 32_769}) == "Bad Request: message is too long"
        assert "blocks" in await refusal({"blocks": [{"type": "divider"}] * 501})
        assert "exactly one" in await refusal({"markdown": "a", "html": "b"})
        assert "Unsupported start tag" in await refusal({"html": "<blink>x</blink>"})
        assert "drafts" in await refusal({"blocks": [{"type": "thinking", "text": "…"}]})
        nested: Json = {"type": "paragraph", "text": "deep"}
        for _ in range(16):
            nested = {"type": "blockquote", "blocks": [nested]}
        assert "deep" in await refusal({"blocks": [nested]})


async def test_rich_markdown_becomes_blocks() -> None:
    source = (
        "# T\n\ntext **b** $x$ ||s|| ==m==\n\n$$y$$\n\n- [x] done\n\n3. three\n\n```py\n1\n```\n\n> q\n\n---\n"
        "<details><summary>S</summary>\n\nin\n\n</details>\n\nloose a < b"
    )
    async with stand() as place:
        person, _ = await place.started()
        sent = await place.call("sendRichMessage", chat_id=person, rich_message={"markdown": source})
        blocks = sent["result"]["rich_message"]["blocks"]
    assert [block["type"] for block in blocks] == [
        "heading", "paragraph", "mathematical_expression", "list", "list", "pre", "blockquote", "divider", "details",
        "paragraph",
    ]  # fmt: skip
    inline = [part["type"] for part in blocks[1]["text"] if isinstance(part, dict)]
    assert inline == ["bold", "mathematical_expression", "spoiler", "marked"]
    assert blocks[3]["items"][0]["is_checked"] is True
    assert blocks[4]["items"][0]["label"] == "3."
    assert blocks[5] == {"type": "pre", "text": "1", "language": "py"}


def test_the_schema_finds_what_is_wrong() -> None:
    schema = telegram_schema()
    assert validate_request(schema, "sendMessage", {"chat_id": 1, "text": "x"}) == []
    assert validate_request(schema, "sendMessage", {"chat_id": "1", "text": "x"}) == []
    assert validate_request(schema, "sendMessage", {"text": "x"}) == ["sendMessage.chat_id: required"]
    assert validate_request(schema, "sendMessage", {"chat_id": 1, "text": "x", "colour": 1})
    assert validate_request(schema, "sendMessag", {}) == ["sendMessag: no such method"]
    assert validate_object(schema, "RichText", ["a", {"type": "bold", "text": "b"}]) == []
    assert validate_object(schema, "RichBlock", {"type": "heading", "text": "b"})
    assert validate_object(schema, "Update", {"update_id": 1, "message": {"message_id": 1}})
