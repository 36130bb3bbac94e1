"""The table of events as documents: AsyncAPI 3 for machines and people, types for TypeScript."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import msgspec

from manciple.api.event_controls import said_by_clients, said_by_the_house
from manciple.api.event_types import EVENTS, EventType
from manciple.platform.rpc.fields import Direction
from manciple.platform.rpc.procedure import Kind, Procedure
from manciple.platform.rpc.schemas import Schema, Schemas
from manciple.platform.rpc.shapes import Shapes
from manciple.platform.rpc.typescript import Writer

_ABOUT = """\
What happens in the house, told as it happens. A client says `{"type": "subscribe", "channels":
["product.*"]}`; with `"lastEventId"` it is first told what came after that event, or by
`events.gap` that this is kept no more. Every message has `type`, `id` and `timestamp`; its facts
stand beside them, and once more under `data`. Administrators hear everything. Who speaks the
subprotocol `cloudevents.json` gets CloudEvents 1.0 instead.
"""
_ENVELOPE: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "Grows; the last one resumes after a break."},
        "timestamp": {"type": "string", "format": "date-time"},
    },
    "required": ["id", "timestamp", "data"],
}


def asyncapi(*, version: str, host: str) -> dict[str, Any]:
    """The document; `host` is where the event sockets are, such as `localhost:8080`."""
    shapes = _shapes()
    told = {_name(kind.topic): _message(kind, shapes) for kind in EVENTS.values()}
    told |= said_by_the_house()
    asked = said_by_clients()
    messages = told | asked
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "manciple events", "version": version, "description": _ABOUT},
        "defaultContentType": "application/json",
        "servers": {"house": {"host": host, "protocol": "ws"}},
        "channels": {
            "events": {
                "address": "/ws",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "hear": _operation("send", told),
            "ask": _operation("receive", asked),
        },
        "components": {"messages": messages, "schemas": Schemas(shapes).components()},
    }


def event_types() -> str:
    """The events as TypeScript: `HouseEvent` is a message of any topic."""
    shapes = _shapes()
    writer = Writer(shapes)
    declared = [writer.declare(*each) for each in shapes.named()]
    lines = [
        f"  /** {kind.doc} */\n  {msgspec.json.encode(topic).decode()}: {_shape(shapes, topic)};"
        for topic, kind in EVENTS.items()
    ]
    facts = "\n".join(("export type EventFacts = {", *lines, "};\n"))
    return "\n".join(
        ("// Written by `manciple types --events`; do not edit.", *declared, facts, _HOUSE)
    )


_HOUSE = """\
/** A message of the event sockets: an event's facts, and once more under `data`. */
export type HouseEvent = {
  [T in keyof EventFacts]: EventFacts[T] & {
    type: T;
    id: string;
    timestamp: string;
    data: EventFacts[T];
  };
}[keyof EventFacts];
"""


def _shapes() -> Shapes:
    return Shapes(_as_procedures())


def _as_procedures() -> Mapping[str, Procedure]:
    """Events, seen as what describes shapes to clients sees subscriptions."""

    async def nothing() -> AsyncIterator[None]:
        yield None

    return {
        topic: Procedure(
            path=topic,
            kind=Kind.SUBSCRIPTION,
            needs=kind.needs,
            input=None,
            output=kind.shape,
            call=nothing,
            doc=kind.doc,
        )
        for topic, kind in EVENTS.items()
    }


def _message(kind: EventType, shapes: Shapes) -> dict[str, Any]:
    facts = {"$ref": f"#/components/schemas/{_shape(shapes, kind.topic)}"}
    own = {"type": "object", "properties": {"type": {"const": kind.topic}, "data": facts}}
    return {
        "name": kind.topic,
        "summary": kind.doc,
        "payload": {"allOf": [_ENVELOPE, own, facts]},
        "x-needs": str(kind.needs),
        "x-audience": str(kind.audience),
        "x-state": kind.is_state,
    }


def _operation(action: str, names: Iterable[str]) -> dict[str, Any]:
    messages = [{"$ref": f"#/channels/events/messages/{name}"} for name in names]
    return {"action": action, "channel": {"$ref": "#/channels/events"}, "messages": messages}


def _shape(shapes: Shapes, topic: str) -> str:
    shape: Any = shapes.outputs[topic]
    return shapes.name(shape, Direction.OUTPUT)


def _name(topic: str) -> str:
    return topic.replace(".", "_").replace("-", "_")
