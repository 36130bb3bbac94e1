import json

import pytest

from manciple.cli.understand import batch, readable
from manciple.grocery.domain.language.understander import Understander
from manciple.kit.errors import InvalidInput


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


def test_rows_are_answered_in_order(understander: Understander) -> None:
    rows = [
        b'{"id": "a", "text": "add two pears to my list"}\n',
        b"\n",
        b'{"id": "b", "text": "make it 5", "context": "Added 2 pears to your list."}',
    ]
    answers = [json.loads(line) for line in batch(rows, understander)]
    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert answers[0]["intents"] == ["list_add_items"]
    assert answers[1]["intents"] == ["list_update_item"]
    assert answers[1]["entities"][0]["value"] == 5
    assert 0 <= answers[0]["confidence"] <= 1


def test_a_broken_row_is_refused_with_its_line(understander: Understander) -> None:
    with pytest.raises(InvalidInput, match="line 2"):
        list(batch([b'{"id": "a", "text": "hi"}', b'{"id": 1}'], understander))


def test_a_frame_is_readable(understander: Understander) -> None:
    said = readable(understander.understand("find crackers without sesame under $4"))
    assert said.startswith("product_search")
    assert "not wanted" in said
    assert "= 4" in said


def test_what_needs_a_yes_says_so(understander: Understander) -> None:
    assert "needs a yes first" in readable(understander.understand("clear my whole cart"))
