"""What else is said at the event sockets: by clients, and by the house about the connection."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, get_args

import msgspec

from manciple.platform.bus import frames
from manciple.platform.bus.hub import MAX_PATTERNS
from manciple.platform.rpc.schemas import Schema

_ID = {"type": "string", "pattern": "^[0-9]{1,18}$"}
_CHANNELS = {"type": "array", "items": {"type": "string"}, "maxItems": MAX_PATTERNS}
_NUMBER = {"type": "integer", "minimum": 0}
# By type: when it is said, and what it carries.
_OF_THE_HOUSE: Mapping[str, tuple[str, dict[str, Any]]] = MappingProxyType(
    {
        "welcome": (
            "The first message: who you are here, and what you hear without asking.",
            {
                "clientId": {"type": "string"},
                "channels": _CHANNELS,
                "isSignedIn": {"type": "boolean"},
            },
        ),
        "subscribed": ("All that you hear now.", {"channels": _CHANNELS}),
        "unsubscribed": ("All that you still hear.", {"channels": _CHANNELS}),
        "lagged": (
            "You were too slow for some events; ask for them by the last id that you have.",
            {"missed": _NUMBER, "lastMissedId": _ID},
        ),
        "events.gap": (
            "What you asked for is kept no more, from after one event to before another.",
            {"afterId": _ID, "beforeId": _ID},
        ),
        "error": (
            "Your message could not be taken; the connection goes on unless it is closed.",
            {"message": {"type": "string"}},
        ),
        "pong": ("A sign of life.", {}),
        "reconnect": (
            "This server goes; come again after so many milliseconds, with the last id.",
            {"afterMs": _NUMBER},
        ),
    }
)


def said_by_clients() -> dict[str, Schema]:
    """Messages that clients send, as AsyncAPI describes them, by name."""
    found: dict[str, Schema] = {}
    for shape in get_args(frames.Said):
        _, parts = msgspec.json.schema_components([shape])
        payload = parts[shape.__name__]
        payload.pop("title", None)
        summary = payload.pop("description").partition("\n")[0]
        if "channels" in payload["properties"]:
            payload["properties"]["channels"] = _CHANNELS
        if "lastEventId" in payload["properties"]:
            payload["properties"]["lastEventId"] = _ID
        tag = shape.__struct_config__.tag
        found[str(tag)] = {"name": tag, "summary": summary, "payload": payload}
    return found


def said_by_the_house() -> dict[str, Schema]:
    """Messages of the house about the connection, as AsyncAPI describes them, by name."""
    return {
        kind.replace(".", "_"): {
            "name": kind,
            "summary": summary,
            "payload": {
                "type": "object",
                "properties": {"type": {"const": kind}, **facts},
                "required": ["type", *facts],
            },
        }
        for kind, (summary, facts) in _OF_THE_HOUSE.items()
    }
