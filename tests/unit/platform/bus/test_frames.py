import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.errors import InvalidInput
from manciple.platform.bus import frames

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_the_specifications_subscription_is_read() -> None:
    said = frames.read(b'{"type":"subscribe","channels":["grocery-nlp.*","product.*"]}')

    assert said == frames.Subscribe(channels=["grocery-nlp.*", "product.*"])


def test_facts_stand_under_data_and_beside_the_type() -> None:
    told = json.loads(
        frames.event(
            event_id=7,
            topic="product.price_change",
            at=NOON,
            facts=b'{"productId":"a","newPrice":3.24}',
        )
    )

    assert told == {
        "type": "product.price_change",
        "id": "7",
        "timestamp": "2026-01-05T12:00:00Z",
        "data": {"productId": "a", "newPrice": 3.24},
        "productId": "a",
        "newPrice": 3.24,
    }


def test_a_fact_never_takes_the_place_of_the_type() -> None:
    told = json.loads(frames.event(event_id=1, topic="a.b", at=NOON, facts=b'{"type":"x","id":9}'))

    assert (told["type"], told["id"], told["data"]) == ("a.b", "1", {"type": "x", "id": 9})


NAMES = st.sampled_from(("type", "id", "timestamp", "data")) | st.text(max_size=5)
FACTS = st.dictionaries(NAMES, NAMES | st.integers(0, 9) | st.dictionaries(NAMES, NAMES))


@given(facts=FACTS)
def test_whatever_the_facts_each_stands_where_it_should(facts: dict[str, object]) -> None:
    told = json.loads(
        frames.event(event_id=1, topic="a.b", at=NOON, facts=msgspec.json.encode(facts))
    )

    own = {"type": "a.b", "id": "1", "timestamp": "2026-01-05T12:00:00Z", "data": facts}
    assert told == {**facts, **own}


def test_an_event_without_facts_is_whole() -> None:
    assert json.loads(frames.event(event_id=1, topic="a", at=NOON, facts=b"{}"))["data"] == {}


def test_a_cloud_event_has_what_the_standard_requires() -> None:
    told = json.loads(
        frames.cloud_event(event_id=1, topic="a.b", key="k", at=NOON, facts=b'{"x":1}')
    )

    assert told["specversion"] == "1.0"
    assert {"id", "source", "type"} <= told.keys()
    assert told["data"] == {"x": 1}


@pytest.mark.parametrize(
    "message", [b"", b"{", b"42", b'{"type":"fly"}', b'{"type":"subscribe"}', b"[" * 5000, b"\xff"]
)
def test_garbage_is_refused(message: bytes) -> None:
    with pytest.raises(InvalidInput):
        frames.read(message)


@given(st.sampled_from([0, 1, 125, 126, 127, 65535, 65536, 70000]))
def test_a_frame_carries_its_length_as_the_standard_says(size: int) -> None:
    frame = frames.text_frame(b"x" * size)

    assert frame[0] == 0x81
    head = {126: 4, 127: 10}.get(frame[1], 2)
    told = frame[1] if head == 2 else int.from_bytes(frame[2:head])
    assert told == size == len(frame) - head
