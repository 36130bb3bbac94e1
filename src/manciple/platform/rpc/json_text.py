"""JSON as it comes from outside: bounded in depth, and what is wrong with it in V8's words."""

import re
from codecs import BOM_UTF8
from itertools import accumulate
from typing import Any

import msgspec

from manciple.platform.rpc.codes import WireError

# Strings, unterminated ones too; possessive, so that each byte is looked at once.
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
# A step down for each bracket that opens, a step up (255 is -1, signed) for each that closes.
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_AT = re.compile(r"\(byte (\d+)\)$")
_SNIPPET = 10

PARSE_FAILURES = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the decoder raises for text that is no JSON; `ValidationError` is a kind of the first."""


def is_too_deep(text: bytes, max_depth: int) -> bool:
    """Whether arrays and objects are nested deeper than `max_depth`."""
    if text.count(b"[") + text.count(b"{") <= max_depth:
        return False
    steps = _STRINGS.sub(b"", text).translate(_STEPS, _NOT_BRACKETS)
    return max(accumulate(memoryview(steps).cast("b")), default=0) > max_depth


def without_mark(body: bytes) -> bytes:
    """A body without the byte order mark that some programs write before their JSON."""
    return body.removeprefix(BOM_UTF8)


def decode_any(text: bytes | msgspec.Raw, *, code: str = "BAD_REQUEST") -> Any:
    """The value of any JSON text.

    Raises:
        WireError: it is no JSON; the message tells where, as V8 would.
    """
    try:
        return msgspec.json.decode(text)
    except PARSE_FAILURES as error:
        raise WireError(code, explain(bytes(text), error)) from error


def explain(text: bytes, error: Exception) -> str:
    """What is wrong with a text that is no JSON."""
    if isinstance(error, UnicodeDecodeError):
        return "The text is not valid UTF-8"
    if isinstance(error, RecursionError):
        return "JSON is nested too deeply"
    said = str(error)
    if "truncated" in said:
        lone = rb"\ud" in text.lower() and not text.rstrip().endswith(rb"\ud")
        return "Unpaired surrogate in a JSON string" if lone else "Unexpected end of JSON input"
    found = _AT.search(said)
    if found is None:
        return said
    return _at(text, int(found.group(1)), said)


def _at(text: bytes, position: int, said: str) -> str:
    if "trailing characters" in said:
        return f"Unexpected non-whitespace character after JSON at position {position}"
    if "keys must be strings" in said:
        return f"Expected property name or '}}' in JSON at position {position}"
    token = text[position : position + 4].decode("utf-8", "replace")[:1]
    quoted = text[: position + _SNIPPET].decode("utf-8", "replace")
    if len(text) > 2 * _SNIPPET + position:
        quoted += "..."
    return f"Unexpected token '{token}', \"{quoted}\" is not valid JSON"
