"""The page of every event: its topic, who hears it, and the facts that it carries."""

from manciple.api.event_documents import event_types
from manciple.api.event_types import EVENTS, EventType

_INTRODUCTION = """\
# Events

What happens, told as it happens: at the sockets `/ws` and `/ws/grocery-nlp-queue`, in the tRPC
subscription `events.on`, and by webhooks. A channel is a topic or a pattern: `product.*` hears all
of `product`, `*` everything. Each message has `type`, `id` and `timestamp`; its facts stand beside
them, and once more under `data`. Who comes back with the last `id` is told what came meanwhile, or
by `events.gap` that it is kept no more. Of a *state* only the newest matters to who is behind.
`/asyncapi.json` describes the same for machines.

| topic | what happened | who hears it | state |
| --- | --- | --- | --- |
"""
_TYPES = """

## Types

As `manciple types --events` writes them.

```ts
"""


def events() -> str:
    """The page: a table of the topics, then their facts as TypeScript."""
    rows = "\n".join(_row(kind) for kind in EVENTS.values())
    return _INTRODUCTION + rows + _TYPES + event_types() + "```\n"


def _row(kind: EventType) -> str:
    heard = f"{kind.audience}, needs `{kind.needs}`"
    return f"| `{kind.topic}` | {kind.doc} | {heard} | {'yes' if kind.is_state else ''} |"
