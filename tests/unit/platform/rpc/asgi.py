"""Asks a door without a network: one request in, the whole answer out."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

JSON = (b"content-type", b"application/json")


class Door(Protocol):
    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]: ...


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[bytes, bytes]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


async def ask(
    door: Door,
    method: str,
    target: bytes,
    *,
    body: bytes | Sequence[bytes] = b"",
    headers: Sequence[tuple[bytes, bytes]] = (),
    leaves: bool = False,
    hears: Callable[[bytes], None] = lambda _body: None,
) -> Reply:
    """The answer; a client that `leaves` hangs up right after its body.

    It `hears` each piece of the answer's body as it comes.
    """
    path, _, query = target.partition(b"?")
    chunks = [body] if isinstance(body, bytes) else list(body)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        if chunks:
            chunk = chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}
        if not leaves:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)
        hears(message.get("body", b""))

    scope = {
        "type": "http",
        "method": method,
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": list(headers),
        "client": ("127.0.0.1", 1),
    }
    await asyncio.wait_for(door(scope, receive, send), 120)
    if not sent:
        return Reply(0, {}, b"")
    whole = b"".join(message.get("body", b"") for message in sent[1:])
    return Reply(sent[0]["status"], dict(sent[0]["headers"]), whole)
