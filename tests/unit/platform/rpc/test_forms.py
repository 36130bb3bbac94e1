"""Forms as their senders meant them, and inputs that are no form at all."""

import pytest

from manciple.kit.errors import InvalidInput
from manciple.platform.rpc.forms import Form, parse_form
from tests.unit.platform.rpc.asgi import JSON, ask
from tests.unit.platform.rpc.small_door import small_door

MEDIA = b"multipart/form-data; boundary=X"
FILE = (
    b'--X\r\nContent-Disposition: form-data; name="f%22"; filename="a%22%0D%0A%25.txt"\r\n\r\n1\r\n'
)


def test_names_are_what_they_were_before_they_were_quoted() -> None:
    form = parse_form(FILE + b"--X--\r\n", MEDIA)
    assert form.file('f"').file_name == 'a"\r\n%25.txt'


@pytest.mark.parametrize("body", [b"", b"-", b"--X", b"--X\r\n", FILE, FILE + b"--X", FILE[:-3]])
def test_a_form_without_its_end_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="Failed to parse body as FormData"):
        parse_form(body, MEDIA)


def test_what_is_no_form_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(InvalidInput):
        parse_form(b"garbage", MEDIA)
    assert caplog.records == []


def test_a_form_may_be_empty() -> None:
    assert parse_form(b"--X--\r\n", MEDIA) == Form()


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (b"shop.form", b"", "Invalid input: expected FormData, received undefined"),
        (b"shop.form", b"[1]", "Invalid input: expected FormData, received array"),
        (b"shop.bytes", b"null", "Invalid input: expected ReadableStream, received null"),
    ],
)
async def test_json_in_place_of_an_upload_is_named(path: bytes, body: bytes, said: str) -> None:
    reply = await ask(small_door(), "POST", b"/trpc/" + path, body=body, headers=[JSON])
    assert reply.json()["error"]["data"]["zodError"]["formErrors"] == [said]


async def test_broken_json_in_place_of_an_upload_is_broken_json() -> None:
    reply = await ask(small_door(), "POST", b"/trpc/shop.bytes", body=b"nope", headers=[JSON])
    assert reply.status == 400
    assert reply.json()["error"]["data"]["zodError"] is None
