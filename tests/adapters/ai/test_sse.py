"""The reader of server-sent events gives the same events however the bytes were cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.adapters.ai.sse import EventReader, EventTooLarge

texts = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=40)
endings = st.sampled_from(["\n", "\r\n", "\r"])


def read(chunks: list[bytes], *, close: bool = True) -> list[bytes]:
    reader = EventReader()
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    return events + (reader.close() if close else [])


def cut(data: bytes, places: list[int]) -> list[bytes]:
    marks = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(marks)]


@given(
    events=st.lists(st.lists(texts, min_size=1, max_size=3), max_size=5),
    ending=endings,
    noise=st.sampled_from(["", ": keep-alive", "event: delta", "id: 5", "retry: 100"]),
    places=st.lists(st.integers(0, 10_000), max_size=12),
    mark=st.booleans(),
)
def test_any_cut_gives_the_same_events(
    events: list[list[str]], ending: str, noise: str, places: list[int], mark: bool
) -> None:
    lines = []
    for event in events:
        lines += [noise] if noise else []
        lines += [f"data: {line}" for line in event] + [""]
    data = (ending.join(lines) + ending if lines else "").encode()
    if mark:
        data = b"\xef\xbb\xbf" + data
    assert read(cut(data, places)) == ["\n".join(event).encode() for event in events]


def test_an_event_comes_out_as_soon_as_its_empty_line_is_there() -> None:
    reader = EventReader()
    assert reader.feed(b'data: {"a": "\xd0') == []
    assert reader.feed(b'\xb9"}\n') == []
    assert reader.feed(b"\n") == ['data: {"a": "й"}'.removeprefix("data: ").encode()]


def test_the_space_after_the_colon_is_optional_and_only_one() -> None:
    assert read([b"data:x\n\ndata: x\n\ndata:  x\n\n"]) == [b"x", b"x", b" x"]


def test_an_event_without_its_empty_line_is_given_at_the_end() -> None:
    assert read([b"data: [DONE]"], close=False) == []
    assert read([b"data: [DONE]"]) == [b"[DONE]"]
    assert read([b"data: a\n"]) == [b"a"]


def test_comments_and_empty_events_are_nothing() -> None:
    assert read([b": keep-alive\n\n: keep-alive\n\n\n\nevent: ping\n\n"]) == []


def test_a_line_feed_after_a_carriage_return_in_the_next_chunk_is_one_ending() -> None:
    assert read([b"data: a\r", b"\ndata: b\r\n", b"\r", b"\n"]) == [b"a\nb"]


def feed_by_tens(reader: EventReader, data: bytes) -> None:
    for start in range(0, len(data), 10):
        reader.feed(data[start : start + 10])


@pytest.mark.parametrize("data", [b"data: " + b"x" * 200, b"data: xxxxxxxxxx\n" * 20])
def test_an_endless_event_is_refused(data: bytes) -> None:
    reader = EventReader(max_event_bytes=100)
    with pytest.raises(EventTooLarge):
        feed_by_tens(reader, data)
