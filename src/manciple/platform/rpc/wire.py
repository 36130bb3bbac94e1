"""Envelopes of the protocol, as bytes: results, errors, batches and their status."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from manciple.platform.rpc.codes import Fault

ENCODER = msgspec.json.Encoder(decimal_format="number")
"""Writes outputs: money is a JSON number, instants are ISO 8601."""

MULTI_STATUS = 207


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one call ended: `data` on success (None is `undefined`), else the shape of its error."""

    data: bytes | None = None
    error: bytes | None = None
    status: int = 200
    fault: Fault | None = None

    def body(self) -> bytes:
        """The call's item, as a single answer or as a slot of a batch."""
        return failure(self.error) if self.error is not None else success(self.data)


def success(data: bytes | None) -> bytes:
    """The item of a call that succeeded."""
    return b'{"result":{}}' if data is None else b'{"result":{"data":%b}}' % data


def failure(shape: bytes) -> bytes:
    """The item of a call that failed."""
    return b'{"error":%b}' % shape


def shape_of(fault: Fault, path: str | None) -> bytes:
    """The error shape; `path` is left out where no procedure was meant."""
    data: dict[str, Any] = {"code": fault.code.name, "httpStatus": fault.code.status}
    if path is not None:
        data["path"] = path
    if fault.stack is not None:
        data["stack"] = fault.stack
    data["zodError"] = fault.zod_error
    shape = {"message": fault.message, "code": fault.code.number, "data": data}
    try:
        return ENCODER.encode(shape)
    except UnicodeEncodeError:
        return ENCODER.encode(_without_surrogates(shape))


def batch(outcomes: Sequence[Outcome]) -> tuple[int, bytes]:
    """The status and body of a batch: the status that all items share, or 207."""
    body = b"[%b]" % b",".join([outcome.body() for outcome in outcomes])
    return shared_status(outcome.status for outcome in outcomes), body


def shared_status(statuses: Iterable[int]) -> int:
    """The one status of all calls, or 207."""
    found = set(statuses)
    return found.pop() if len(found) == 1 else MULTI_STATUS


def on_one_line(body: bytes) -> bytes:
    """JSON without line breaks, for frames that end at one; JSON strings never hold raw ones."""
    if b"\n" in body or b"\r" in body:
        return body.replace(b"\r", b" ").replace(b"\n", b" ")
    return body


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    return [_without_surrogates(v) for v in value] if isinstance(value, list) else value
