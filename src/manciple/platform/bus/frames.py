"""The messages of the event sockets, as bytes: what clients say, and what they are told. Pure.

An event's facts stand both under `data` and beside its type, since clients of the specification
read either. A server's frame is not masked, so one frame is made for all clients.
"""

from datetime import datetime
from typing import Any

import msgspec

from manciple.kit.errors import InvalidInput
from manciple.platform.bus.news import Gap, Lagged

# A subscription of a hundred channels takes six kilobytes.
MAX_MESSAGE_BYTES = 16 << 10
CLOUD_EVENTS = "cloudevents.json"

_RESERVED = ("type", "id", "timestamp", "data")
_QUOTED = tuple(f'"{name}"'.encode() for name in _RESERVED)
_SMALL, _MEDIUM = 125, 0xFFFF


class Subscribe(msgspec.Struct, frozen=True, tag_field="type", tag="subscribe", rename="camel"):
    """Wants to hear channels; with `last_event_id` first what came after that event."""

    channels: list[str]
    last_event_id: str | None = None


class Unsubscribe(msgspec.Struct, frozen=True, tag_field="type", tag="unsubscribe"):
    """Wants to hear channels no more."""

    channels: list[str]


class Authenticate(msgspec.Struct, frozen=True, tag_field="type", tag="auth"):
    """Says who is there, by an access token or by a ticket for one use."""

    token: str | None = None
    ticket: str | None = None


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Wants a sign of life."""


Said = Subscribe | Unsubscribe | Authenticate | Ping
_SAID: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)


def read(message: bytes) -> Said:
    """What a client says.

    Raises:
        InvalidInput: it is none of the messages that clients may send.
    """
    try:
        return _SAID.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput.at("message", str(error)) from error


def event(*, event_id: int, topic: str, at: datetime, facts: bytes) -> bytes:
    """An event as the specification's clients read it; `facts` is a JSON object."""
    own = msgspec.json.encode({"type": topic, "id": str(event_id), "timestamp": at})
    beside = facts
    if any(name in facts for name in _QUOTED):
        flat = msgspec.json.decode(facts, type=dict[str, msgspec.Raw])
        beside = msgspec.json.encode({k: v for k, v in flat.items() if k not in _RESERVED})
    comma = b"," if beside != b"{}" else b""
    return own[:-1] + b',"data":' + facts + comma + beside[1:]


def cloud_event(*, event_id: int, topic: str, key: str, at: datetime, facts: bytes) -> bytes:
    """The same event in the JSON format of CloudEvents 1.0."""
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": str(event_id),
            "source": "/manciple",
            "type": topic,
            "subject": key,
            "time": at,
            "datacontenttype": "application/json",
            "data": msgspec.Raw(facts),
        }
    )


def welcome(client_id: str, *, channels: list[str], is_signed_in: bool) -> bytes:
    """The first message to a client: who it is here, and what it hears without asking."""
    return _told("welcome", clientId=client_id, channels=channels, isSignedIn=is_signed_in)


def subscribed(channels: list[str]) -> bytes:
    """All that a client hears now."""
    return _told("subscribed", channels=channels)


def unsubscribed(channels: list[str]) -> bytes:
    """All that a client still hears."""
    return _told("unsubscribed", channels=channels)


def lagged(missed: Lagged) -> bytes:
    """A client was too slow; it can ask for what it missed by the last id that it has."""
    return _told("lagged", missed=missed.missed, lastMissedId=str(missed.last_missed_id))


def gap(found: Gap) -> bytes:
    """What a client asked for is kept no more."""
    return _told("events.gap", afterId=str(found.after_id), beforeId=str(found.before_id))


def refusal(problem: str) -> bytes:
    """A message could not be taken; the connection goes on."""
    return _told("error", message=problem)


def pong() -> bytes:
    """A sign of life."""
    return _told("pong")


def reconnect(after_ms: int) -> bytes:
    """This server goes; come again in a while, with the last id."""
    return _told("reconnect", afterMs=after_ms)


def text_frame(payload: bytes) -> bytes:
    """A whole text message as one WebSocket frame of a server (RFC 6455, 5.2)."""
    size = len(payload)
    if size <= _SMALL:
        return b"\x81" + size.to_bytes(1) + payload
    if size <= _MEDIUM:
        return b"\x81\x7e" + size.to_bytes(2) + payload
    return b"\x81\x7f" + size.to_bytes(8) + payload


def _told(kind: str, **facts: Any) -> bytes:
    return msgspec.json.encode({"type": kind, **facts})
