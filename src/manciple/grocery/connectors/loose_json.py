"""Reading JSON of shapes that nobody promised: what is missing or of another type is None."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from manciple.kit.errors import Upstream

# 64: pages nest about 25 deep; more is no page.
_MAX_DEPTH = 64
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def decode(body: bytes | str, *, source: str) -> Any:
    """The JSON value, its decimals exact.

    Raises:
        Upstream: the body is no JSON.
    """
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Upstream(source, "not JSON, or cut off") from error


def at(node: Any, path: str) -> Any:
    """The value at a dotted path of object keys; None where it does not lead anywhere."""
    for key in path.split("."):
        if not isinstance(node, Mapping):
            return None
        node = node.get(key)
    return node


def text(node: Any, path: str) -> str | None:
    """The text at a path, stripped; None for nothing, an empty text or another type."""
    value = at(node, path)
    return value.strip() or None if isinstance(value, str) else None


def identifier(node: Any, path: str) -> str | None:
    """An id at a path as text, whether the page wrote it as text or as an integer."""
    value = at(node, path)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(node, path)


def boolean(node: Any, path: str) -> bool | None:
    """The boolean at a path."""
    value = at(node, path)
    return value if isinstance(value, bool) else None


def number(node: Any, path: str) -> Decimal | None:
    """The number at a path, exact, also where it is written as a text."""
    value = at(node, path)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def items(node: Any, path: str) -> list[Any]:
    """The list at a path; empty where there is none."""
    value = at(node, path)
    return value if isinstance(value, list) else []


def holders(node: Any, key: str, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every object that has `key`, outermost first, wherever it stands in the value."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, Mapping):
        if key in node:
            yield node
        for child in node.values():
            yield from holders(child, key, depth + 1)
    elif isinstance(node, list):
        for child in node:
            yield from holders(child, key, depth + 1)


def nearest(node: Any, *keys: str) -> Iterator[Mapping[str, Any]]:
    """Every object that has one of the keys, those that stand least deep in the value first."""
    level = [node]
    for _ in range(_MAX_DEPTH):
        yield from (
            one for one in level if isinstance(one, Mapping) and not one.keys().isdisjoint(keys)
        )
        level = [child for one in level for child in _children(one)]


def _children(node: Any) -> Iterable[Any]:
    if isinstance(node, Mapping):
        return node.values()
    return node if isinstance(node, list) else ()


def shape(node: Any) -> str:
    """What the top of a value looks like, short enough for a message."""
    if isinstance(node, Mapping):
        keys = ", ".join(sorted(str(key)[:40] for key in node)[:8])
        return f"an object with {keys}" if keys else "an empty object"
    if isinstance(node, list):
        return f"a list of {len(node)}"
    return f"a {type(node).__name__}"
