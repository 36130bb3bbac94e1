"""Messages of the Model Context Protocol, read and written."""

import json
from typing import Any

import msgspec
import pytest

from manciple.kit.errors import InvalidInput, Problem
from manciple.platform.rpc import mcp
from manciple.platform.rpc.codes import CODES, Fault, fault_of
from manciple.platform.rpc.mcp import ProtocolError, Request
from manciple.platform.rpc.wire import Outcome

PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS = -32700, -32600, -32602


def read(text: bytes) -> Request | None:
    return mcp.read(text, max_depth=10)


def request(params: bytes = b"{}") -> Request:
    return Request(1, "x", msgspec.Raw(params))


def failed(name: str, message: str = "because") -> Outcome:
    return Outcome(error=b"{}", fault=Fault(code=CODES[name], message=message))


@pytest.mark.parametrize("id_", ["1", '"a"', '""', "0", "-7", "9007199254740993"])
def test_a_request_keeps_its_id(id_: str) -> None:
    found = read(b'{"jsonrpc":"2.0","id":%b,"method":"ping"}' % id_.encode())
    assert found is not None
    assert mcp.result(found, b"{}") == b'{"jsonrpc":"2.0","id":%b,"result":{}}' % id_.encode()


@pytest.mark.parametrize(
    "text",
    [
        b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"x"}}',
        b'{"jsonrpc":"2.0","id":1,"result":{}}',
        b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}',
    ],
)
def test_notifications_and_responses_get_no_answer(text: bytes) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "Unexpected end"),
        (b"{", "Unexpected end"),
        (b"nope", "Unexpected token"),
        (b'{"jsonrpc":"2.0"} x', "after JSON"),
        (b"[1", "Unexpected end"),
        (b'{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"\xff"}}', "UTF-8"),
        (b'{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"\\ud800"}}', "surrogate"),
        (b'{"params":' + b"[" * 20 + b"]" * 20 + b"}", "deeper than 10"),
    ],
)
def test_what_is_no_json_is_a_parse_error(text: bytes, says: str) -> None:
    with pytest.raises(ProtocolError, match=says) as told:
        read(text)
    assert (told.value.number, told.value.status) == (PARSE_ERROR, 400)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"[]", "batches are not taken"),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', "batches are not taken"),
        (b"1", "an object"),
        (b'"ping"', "an object"),
        (b"{}", "jsonrpc"),
        (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', "jsonrpc"),
        (b'{"jsonrpc":2.0,"id":1,"method":"ping"}', "jsonrpc"),
        (b'{"jsonrpc":"2.0","id":1}', "method"),
        (b'{"jsonrpc":"2.0","id":1,"method":7}', "method"),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', "id"),
        (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', "id"),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', "id"),
        (b'{"jsonrpc":"2.0","id":[],"method":"ping"}', "id"),
    ],
)
def test_what_is_no_single_message_is_an_invalid_request(text: bytes, says: str) -> None:
    with pytest.raises(ProtocolError, match=says) as told:
        read(text)
    assert (told.value.number, told.value.status) == (INVALID_REQUEST, 400)
    assert json.loads(mcp.failure(None, told.value))["id"] is None


@pytest.mark.parametrize(
    ("params", "kind", "says"),
    [
        (b"[]", mcp.Initialize, "object"),
        (b"null", mcp.CallTool, "object"),
        (b"{}", mcp.Initialize, "protocolVersion"),
        (b'{"protocolVersion":7}', mcp.Initialize, "protocolVersion"),
        (b"{}", mcp.CallTool, "name"),
        (b'{"name":[]}', mcp.CallTool, "name"),
        (b'{"cursor":1}', mcp.ListTools, "cursor"),
    ],
)
def test_wrong_params_are_named(params: bytes, kind: type[msgspec.Struct], says: str) -> None:
    with pytest.raises(ProtocolError, match=says) as told:
        mcp.params_of(request(params), kind)
    assert (told.value.number, told.value.status) == (INVALID_PARAMS, 200)


def given(arguments: bytes, *, is_wrapped: bool = False) -> Any:
    call = mcp.params_of(request(b'{"name":"x","arguments":%b}' % arguments), mcp.CallTool)
    found = mcp.input_of(call, is_wrapped=is_wrapped)
    return None if found is None else bytes(found)


def test_arguments_are_the_input_to_the_last_digit() -> None:
    assert given(b' {"a": 1.10} ') == b'{"a": 1.10}'
    assert given(b"null") is None
    assert mcp.input_of(mcp.CallTool("x"), is_wrapped=False) is None


def test_a_wrapped_input_is_one_of_the_arguments() -> None:
    assert given(b'{"input": [1.10]}', is_wrapped=True) == b"[1.10]"
    assert given(b'{"other": 1}', is_wrapped=True) is None


@pytest.mark.parametrize("arguments", [b"[]", b'"x"', b"1", b"true"])
def test_arguments_are_an_object(arguments: bytes) -> None:
    with pytest.raises(ProtocolError, match="arguments") as told:
        given(arguments)
    assert told.value.number == INVALID_PARAMS


@pytest.mark.parametrize("version", mcp.VERSIONS)
def test_a_revision_that_is_known_is_agreed_to(version: str) -> None:
    mcp.check_version(version.encode())
    said = json.loads(
        mcp.initialized(version, mcp.About(name="", title="", version="", instructions=""))
    )
    assert said["protocolVersion"] == version


@pytest.mark.parametrize("version", ["2024-11-05", "2099-01-01", "", "é"])
def test_another_revision_is_answered_with_our_newest(version: str) -> None:
    said = json.loads(
        mcp.initialized(version, mcp.About(name="", title="", version="", instructions=""))
    )
    assert said["protocolVersion"] == "2025-11-25"
    with pytest.raises(ProtocolError) as told:
        mcp.check_version(version.encode())
    assert told.value.status == 400
    assert told.value.data is not None
    assert told.value.data["supported"] == list(mcp.VERSIONS)


def test_a_request_without_a_revision_is_one_of_the_oldest() -> None:
    mcp.check_version(None)


def test_an_object_is_structured_and_text() -> None:
    said = json.loads(mcp.tool_result(Outcome(b'{"a":"\xc3\xa9\\"","b":1.10}')))
    assert said["structuredContent"] == {"a": 'é"', "b": 1.1}
    assert said["content"] == [{"type": "text", "text": '{"a":"é\\"","b":1.10}'}]
    assert "isError" not in said


@pytest.mark.parametrize("data", [b"[1]", b'"x"', b"null", b"7"])
def test_what_is_no_object_is_text_alone(data: bytes) -> None:
    said = json.loads(mcp.tool_result(Outcome(data)))
    assert said == {"content": [{"type": "text", "text": data.decode()}]}


def test_nothing_is_an_empty_result() -> None:
    assert json.loads(mcp.tool_result(Outcome(None))) == {"content": []}


@pytest.mark.parametrize("name", sorted(CODES.keys() - {"UNAUTHORIZED", "INTERNAL_SERVER_ERROR"}))
def test_a_failed_call_is_a_result_that_says_its_code(name: str) -> None:
    said = json.loads(mcp.tool_result(failed(name)))
    assert said == {"content": [{"type": "text", "text": f"{name}: because"}], "isError": True}


def test_an_error_may_say_anything() -> None:
    said = json.loads(mcp.tool_result(failed("CONFLICT", "a\ud800b")))
    assert said["content"][0]["text"] == "CONFLICT: a?b"
    with pytest.raises(ProtocolError) as told:
        mcp.tool_result(failed("UNAUTHORIZED", "a\ud800b"))
    assert json.loads(mcp.failure(request(), told.value))["error"]["message"] == "UNAUTHORIZED: a?b"


def test_every_problem_of_an_input_is_named_by_its_whole_path() -> None:
    problems = Problem(("items", 0, "quantity"), "too many"), Problem((), "too odd")
    outcome = Outcome(error=b"{}", fault=fault_of(InvalidInput(*problems)))
    (content,) = json.loads(mcp.tool_result(outcome))["content"]
    lines = ["BAD_REQUEST: the arguments do not fit", "- items.0.quantity: too many", "- too odd"]
    assert content["text"].split("\n") == lines
    (content,) = json.loads(mcp.tool_result(outcome, within=("input",)))["content"]
    assert "- input.items.0.quantity: too many\n- input: too odd" in content["text"]


@pytest.mark.parametrize(
    ("name", "status"), [("UNAUTHORIZED", 401), ("INTERNAL_SERVER_ERROR", 200)]
)
def test_what_no_model_can_mend_is_an_error_of_the_protocol(name: str, status: int) -> None:
    with pytest.raises(ProtocolError, match=f"{name}: because") as told:
        mcp.tool_result(failed(name))
    assert (told.value.number, told.value.status) == (CODES[name].number, status)
