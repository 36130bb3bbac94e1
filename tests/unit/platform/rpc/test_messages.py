"""Messages of a socket: whatever is said, it is understood or answered with an error."""

import contextlib
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from manciple.platform.rpc.codes import WireError
from manciple.platform.rpc.messages import Bad, Call, Envelope, Stop, read, read_params
from manciple.platform.rpc.procedure import Kind
from manciple.platform.rpc.requests import parse_query, resumed
from manciple.platform.rpc.settings import WireSettings

SETTINGS = WireSettings(max_batch_calls=3, ws_max_message_bytes=10_000)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.none() | st.integers() | st.text() | st.booleans() | st.lists(st.none()),
        "jsonrpc": st.sampled_from(["2.0", "1.0", 2]),
        "method": st.sampled_from(
            ["query", "mutation", "subscription", "subscription.stop", "x", 1]
        ),
        "params": st.fixed_dictionaries(
            {},
            optional={"path": st.text() | st.none(), "input": st.none(), "lastEventId": st.text()},
        )
        | st.none(),
    },
)


@given(st.text())
def test_any_text_is_understood_or_refused(text: str) -> None:
    for heard in read(text, SETTINGS):
        assert isinstance(heard, Bad | Stop | Call)


@given(st.lists(FIELDS, max_size=5) | FIELDS)
def test_any_object_is_understood_or_refused(value: Any) -> None:
    for heard in read(msgspec.json.encode(value).decode(), SETTINGS):
        assert isinstance(heard, Bad | Stop | Call)


@given(
    message_id=st.integers(0, 2**53) | st.text(),
    kind=st.sampled_from(list(Kind)),
    path=st.text(),
    value=st.recursive(st.none() | st.booleans() | st.text(), lambda it: st.lists(it, max_size=3)),
)
def test_a_call_is_read_as_it_was_written(
    message_id: int | str, kind: Kind, path: str, value: Any
) -> None:
    params = {"path": path, "input": value, "lastEventId": "7"}
    message = {"id": message_id, "method": kind.value, "params": params}
    (heard,) = read(msgspec.json.encode(message).decode(), SETTINGS)
    text = msgspec.json.encode(value)
    assert heard == Call(Envelope(message_id), kind, path, text, "7")


def test_a_message_that_is_too_long_is_refused() -> None:
    (heard,) = read('"' + "x" * 20_000 + '"', SETTINGS)
    assert isinstance(heard, Bad)
    assert str(heard.error) == "PAYLOAD_TOO_LARGE"


@given(st.text())
def test_any_first_message_is_parameters_or_an_error(text: str) -> None:
    params = None
    with contextlib.suppress(WireError):
        params = read_params(text, SETTINGS)
    assert params is None or all(isinstance(value, str) for value in params.values())


@given(st.binary())
def test_any_query_string_is_read(raw: bytes) -> None:
    for value in parse_query(raw).values():
        assert isinstance(value, bytes)


def test_an_id_to_resume_after_is_merged_into_objects_only() -> None:
    assert resumed(None, "7") == b'{"lastEventId":"7"}'
    assert resumed(b"null", "7") == b'{"lastEventId":"7"}'
    assert resumed(b'{"a":1,"lastEventId":"3"}', "7") == b'{"a":1,"lastEventId":"7"}'
    assert resumed(b"[1]", "7") == b"[1]"
    assert resumed(b'{"a":', "7") == b'{"a":'
    assert resumed(b"{}", "") == b'{"lastEventId":""}'
    assert resumed(b'{"a":1}', None) == b'{"a":1}'
