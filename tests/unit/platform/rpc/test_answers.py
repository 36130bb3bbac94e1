import pytest

from manciple.kit import errors
from manciple.platform.rpc.answers import Told, error_of, read_answer
from manciple.platform.rpc.codes import WireError, fault_of
from manciple.platform.rpc.issues import BadInput
from manciple.platform.rpc.wire import failure, shape_of, success

RAISED = [
    errors.NotSignedIn(),
    errors.NotAllowed("admin"),
    errors.NotFound("product", "ABC'1"),
    errors.Conflict("The list", found="version 3"),
    errors.Refused("a list holds 500 lines at most"),
    errors.TooLarge(limit_bytes=10),
    errors.TooMany(wait_s=4),
    errors.TimedOut(after_s=2),
    errors.Upstream("walmart", "no answer"),
    errors.Unavailable("live prices", wait_s=7),
    errors.InvalidInput.at("was", "must be above 0"),
    BadInput([{"code": "custom", "path": ["items", 0], "message": "no"}]),
    WireError("INTERNAL_SERVER_ERROR", "Something went wrong on our side; reference err_1"),
    WireError("METHOD_NOT_SUPPORTED", "no"),
    WireError("BAD_REQUEST", "Unexpected end of JSON input"),
]


@pytest.mark.parametrize("raised", RAISED, ids=lambda one: type(one).__name__)
def test_an_error_that_travels_is_told_in_the_same_words(raised: errors.MancipleError) -> None:
    fault = fault_of(raised)
    assert fault is not None
    told = read_answer(failure(shape_of(fault, "a.b")))
    assert isinstance(told, Told)
    again = error_of(told, wait_s=fault.wait_s)
    assert fault_of(again) == fault
    kind = type(raised)
    assert isinstance(again, errors.InvalidInput if kind is errors.InvalidInput else kind)


def test_data_is_read_as_it_was_written() -> None:
    assert read_answer(success(b'{"a": 1}')) == b'{"a": 1}'
    assert read_answer(success(b"null")) == b"null"
    assert read_answer(success(None)) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"result":3}', b"\xff"])
def test_what_is_no_answer_of_our_wire_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="not one of our wire"):
        read_answer(body)


def test_a_code_that_nobody_knows_is_an_error_of_the_server() -> None:
    told = read_answer(b'{"error":{"message":"?","data":{"code":"NEW","httpStatus":599}}}')
    assert isinstance(told, Told)
    error = error_of(told)
    assert isinstance(error, WireError)
    assert error.code.name == "INTERNAL_SERVER_ERROR"
