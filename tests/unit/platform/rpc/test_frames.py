"""Frames of events and lines of batch streams survive any content."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.platform.rpc.json_text import is_too_deep
from manciple.platform.rpc.jsonl import Lines
from manciple.platform.rpc.sse import Frames
from manciple.platform.rpc.wire import Outcome, shared_status


def events(stream: bytes) -> list[dict[str, str]]:
    """What an EventSource would hear."""
    heard = []
    for block in stream.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if fields:
            heard.append(fields)
    return heard


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, st.booleans())
def test_any_text_arrives_in_one_event(text: str, is_spread: bool) -> None:  # noqa: FBT001 - drawn
    body = msgspec.json.encode({"text": text})
    body = msgspec.json.format(body, indent=2) if is_spread else body
    (heard,) = events(Frames().item(body))
    assert msgspec.json.decode(heard["data"]) == {"text": text}


@pytest.mark.parametrize("item_id", ["", "a\nb", "a\rb", "a\0b"])
def test_an_id_that_would_break_the_frame_is_refused(item_id: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        Frames().item(b"1", item_id)


def test_a_last_id_that_would_break_the_frame_is_not_repeated() -> None:
    assert Frames("a\ndata: x").item(b"1") == b"data: 1\n\n\n"


def test_an_item_without_id_leaves_the_last_id_as_it_was() -> None:
    frames = Frames()
    assert events(frames.item(b"1")) == [{"data": "1"}]
    frames.item(b"2", "two")
    assert events(frames.item(b"3"))[-1] == {"event": "restore-id", "data": "", "id": "two"}


@given(st.lists(st.sampled_from([b"null", b'{"a":\n[1]}', None]), min_size=1), st.randoms())
def test_each_call_of_a_stream_settles_once(values: list[bytes | None], random: object) -> None:
    lines = Lines(len(values))
    order = list(range(len(values)))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis draws a Random
    stream = lines.head() + b"".join(lines.ended(at, Outcome(values[at])) for at in order)
    parsed = [msgspec.json.decode(line) for line in stream.splitlines()]
    ids = [chunk[0] for chunk in parsed[1:]]
    assert len(ids) == len(set(ids)) == 3 * len(values)
    assert set(range(len(values))) <= set(ids)


@given(st.recursive(st.text(), lambda it: st.lists(it, max_size=2), max_leaves=20))
def test_depth_is_counted_outside_of_strings(value: object) -> None:
    def depth(it: object) -> int:
        return 1 + max(map(depth, it), default=0) if isinstance(it, list) else 0

    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:
        return
    for limit in range(6):
        assert is_too_deep(text, limit) is (depth(value) > limit)


@given(st.binary(max_size=300))
def test_nothing_is_deeper_than_it_has_brackets(text: bytes) -> None:
    assert not is_too_deep(text, text.count(b"[") + text.count(b"{"))


def test_statuses_that_differ_become_207() -> None:
    assert shared_status([200, 200]) == 200
    assert shared_status([404, 404]) == 404
    assert shared_status([200, 404]) == 207
