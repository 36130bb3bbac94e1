"""What every input promises: nothing in it is without a bound."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from manciple.api.app_router import app_table
from manciple.platform.rpc.procedure import Wire

INPUTS = {path: each.input for path, each in app_table().items() if each.input is not None}


class Unbounded(Wire, frozen=True, kw_only=True):
    row: int
    words: dict[str, list[int]]


@pytest.mark.parametrize("path", INPUTS)
def test_every_whole_number_that_a_client_may_send_is_bounded(path: str) -> None:
    assert list(unbounded(INPUTS[path])) == []


def test_a_whole_number_without_a_bound_is_found_however_deep() -> None:
    assert sorted(unbounded(Unbounded)) == ["Unbounded/row", "Unbounded/words/*/*"]


def unbounded(kind: Any) -> Iterator[str]:
    """The places of whole numbers without a greatest value; a database refuses huge ones."""
    schema = msgspec.json.schema(kind, schema_hook=lambda _kind: {"type": "object"})
    definitions = schema.get("$defs", {})
    for name, definition in definitions.items():
        yield from _within(definition, name)
    yield from _within({each: schema[each] for each in schema if each != "$defs"}, "")


def _within(schema: dict[str, Any], where: str) -> Iterator[str]:
    if schema.get("type") == "integer" and "maximum" not in schema:
        yield where
    for name, inner in schema.get("properties", {}).items():
        yield from _within(inner, f"{where}/{name}")
    several = [*schema.get("anyOf", ()), *schema.get("prefixItems", ())]
    for inner in several:
        yield from _within(inner, where)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _within(schema[key], f"{where}/*")
