"""The second look at an input agrees with the decoder, and words what it finds like zod."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from manciple.kit.errors import InvalidInput
from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.found_issues import MISSING
from manciple.platform.rpc.procedure import Kind, Procedure, Wire
from manciple.platform.rpc.validation import look_again


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Square(Wire, frozen=True, tag="square", tag_field="shape"):
    side: Annotated[float, Meta(gt=0)]


class Circle(Wire, frozen=True, tag="circle", tag_field="shape"):
    radius: int


class Everything(Wire, frozen=True):
    name: Annotated[str, Meta(min_length=2, max_length=3, pattern="^[a-z]+$")]
    count: Annotated[int, Meta(ge=1, multiple_of=2)] = 2
    color: Color = Color.RED
    kind: Literal["a", "b"] | None = None
    figure: Square | Circle | None = None
    tags: Annotated[list[str], Meta(min_length=1, max_length=2)] | None = None
    prices: dict[str, Decimal] = msgspec.field(default_factory=dict)
    pair: tuple[int, str] | None = None
    at: datetime | None = None
    id: UUID | None = None
    mixed: int | str | None = None
    flag: bool = False


TYPES: list[Any] = [Everything, Square | Circle, list[Everything], dict[str, int], int, date]
SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text(max_size=4)
KEYS = st.sampled_from(
    [*(field.encode_name for field in msgspec.structs.fields(Everything)), "shape", "side"]
)
WORDS = st.sampled_from(["red", "a", "square", "circle", "ab", "2026-01-05", "1.5"])
VALUES = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=15,
)


def bound_to(kind: Any) -> Bound:
    async def call(_: Any, value: Any) -> Any:
        return value

    return Bound(
        Procedure(path="a.b", kind=Kind.QUERY, needs="", input=kind, output=Any, call=call, doc="")
    )


@settings(max_examples=200)
@given(kind=st.sampled_from(TYPES), value=VALUES)
def test_what_the_decoder_takes_has_no_issue(kind: Any, value: Any) -> None:
    text = msgspec.json.encode(value)
    try:
        decoded = msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError:
        return
    assert look_again(kind, value)[1] == []
    assert bound_to(kind).read(text) == decoded


@settings(max_examples=200)
@given(kind=st.sampled_from(TYPES), value=VALUES)
def test_what_the_decoder_refuses_is_mended_or_explained(kind: Any, value: Any) -> None:
    try:
        bound_to(kind).read(msgspec.json.encode(value))
    except InvalidInput as error:
        assert error.problems  # noqa: PT017 - either way out is right, one must explain itself


def messages(kind: Any, value: Any) -> list[str]:
    return [issue["message"] for issue in look_again(kind, value)[1]]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "a"}, "Too small: expected string to have >=2 characters"),
        ({"name": "abcd"}, "Too big: expected string to have <=3 characters"),
        ({"name": "AB"}, "Invalid string: must match pattern /^[a-z]+$/"),
        ({"count": 0}, "Too small: expected number to be >=1"),
        ({"count": 3}, "Invalid number: must be a multiple of 2"),
        ({"count": True}, "Invalid input: expected number, received boolean"),
        ({"color": "green"}, 'Invalid option: expected one of "red"|"blue"'),
        ({"kind": "c"}, 'Invalid option: expected one of "a"|"b"'),
        ({"tags": []}, "Too small: expected array to have >=1 items"),
        ({"tags": [None]}, "Invalid input: expected string, received null"),
        ({"prices": {"x": "much"}}, "Invalid input: expected number, received string"),
        ({"prices": []}, "Invalid input: expected record, received array"),
        ({"pair": [1]}, "Too small: expected array to have >=2 items"),
        ({"at": "yesterday"}, "Invalid ISO datetime"),
        ({"id": "x"}, "Invalid UUID"),
        ({"mixed": []}, "Invalid input"),
        ({"figure": {"shape": "square", "side": 0}}, "Too small: expected number to be >0"),
    ],
)
def test_issues_are_worded_like_zod(fields: dict[str, Any], said: str) -> None:
    assert messages(Everything, {"name": "ab", **fields}) == [said]


def test_what_fits_no_kind_is_told_for_each_from_where_it_stands() -> None:
    (issue,) = look_again(Everything, {"name": "ab", "mixed": [1]})[1]
    assert issue["path"] == ["mixed"]
    assert [[it["path"] for it in kind] for kind in issue["errors"]] == [[[]], [[]]]


def test_a_missing_input_is_undefined() -> None:
    assert messages(Everything, MISSING) == ["Invalid input: expected object, received undefined"]


def test_issues_are_bounded() -> None:
    assert len(messages(list[int], ["x"] * 1000)) == 50


def test_an_input_that_may_be_empty_may_be_absent() -> None:
    class Optional(Wire, frozen=True):
        page: int = 1

    assert bound_to(Optional).read(None) == Optional()
    assert bound_to(int | None).read(None) is None
    with pytest.raises(InvalidInput):
        bound_to(Everything).read(None)
