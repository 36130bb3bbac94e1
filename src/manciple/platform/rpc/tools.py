"""Procedures as tools of language models: one name, a description and schemas that stand alone.

A description holds every schema whole, since many clients follow no references; only what refers
to itself is kept under `$defs`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from manciple.platform.rpc.fields import Direction, is_upload, may_be_absent
from manciple.platform.rpc.procedure import Kind, Procedure
from manciple.platform.rpc.schemas import Schema, Schemas, json_object
from manciple.platform.rpc.shapes import Shapes

WRAPPED = "input"
"""The one argument of a tool whose procedure takes something that is no object."""

_OUT = Direction.OUTPUT
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_LISTS = frozenset({"anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset({"items", "additionalProperties", "propertyNames"})


def name_of(path: str) -> str:
    """The name of a procedure's tool: clients of models take letters, digits, `_` and `-` only."""
    return path.replace(".", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A procedure as a model sees it; `description` is the JSON text of its entry in a list.

    One that `is_wrapped` takes its input as the argument `input`.
    """

    path: str
    needs: str
    description: bytes
    is_wrapped: bool


class Tools:
    """The tools in a table of procedures, by name in the order of their names."""

    def __init__(self, table: Mapping[str, Procedure]) -> None:
        self.procedures = {path: table[path] for path in sorted(table) if table[path].is_tool}

    @cached_property
    def by_name(self) -> Mapping[str, Tool]:
        """Every tool, described when this is first asked for.

        Raises:
            TypeError: one takes an upload, which a model cannot send.
        """
        writer = _Writer(self.procedures)
        return {name_of(path): writer.tool(one) for path, one in self.procedures.items()}


class _Writer:
    """Describes one tool at a time."""

    def __init__(self, procedures: Mapping[str, Procedure]) -> None:
        self._shapes = Shapes(procedures)
        self._schemas = Schemas(self._shapes)
        self._components = self._schemas.components()

    def tool(self, procedure: Procedure) -> Tool:
        title = _title(procedure.path)
        takes, is_wrapped = self._takes(procedure.path)
        described: dict[str, Any] = {
            "name": name_of(procedure.path),
            "title": title,
            "description": procedure.doc.partition("\n\nRaises:")[0],
            "inputSchema": takes,
        }
        gives = self._whole(self._schemas.schema(self._shapes.outputs[procedure.path], _OUT))
        if gives.get("type") == "object":
            described["outputSchema"] = gives
        # What a change destroys and whether it may be repeated is not known here, so a client
        # assumes the worst of both.
        described["annotations"] = {"title": title, "readOnlyHint": procedure.kind is Kind.QUERY}
        return Tool(
            path=procedure.path,
            needs=procedure.needs,
            description=msgspec.json.encode(described),
            is_wrapped=is_wrapped,
        )

    def _takes(self, path: str) -> tuple[Schema, bool]:
        """The schema of a tool's arguments, and whether they hold the input as one of them."""
        shape = self._shapes.inputs[path]
        if shape is None:
            return json_object({}), False
        if is_upload(shape):
            message = f"{path} takes an upload and cannot be a tool"
            raise TypeError(message)
        schema = self._whole(self._schemas.schema(shape, Direction.INPUT))
        if schema.get("type") == "object":
            return schema, False
        defs = {"$defs": schema.pop("$defs")} if "$defs" in schema else {}
        optional = {WRAPPED} if may_be_absent(shape) else set()
        return json_object({WRAPPED: schema}, optional) | defs, True

    def _whole(self, schema: Schema) -> Schema:
        return Whole(self._components).schema(schema)


class Whole:
    """Writes what a schema refers to into it."""

    def __init__(self, components: Mapping[str, Schema]) -> None:
        self._components = components
        self._recursive: dict[str, Schema] = {}

    def schema(self, schema: Schema) -> Schema:
        """The schema by itself; what refers to itself is in its `$defs`."""
        whole = self._inside(schema, ())
        defs: dict[str, Schema] = {}
        while left := self._recursive.keys() - defs.keys():
            for name in sorted(left):
                defs[name] = self._inside(self._components[name], (name,))
        return whole | ({"$defs": defs} if defs else {})

    def _inside(self, schema: Schema, above: tuple[str, ...]) -> Schema:
        reference = schema.get("$ref")
        if reference is None:
            return {
                word: self._part(word, part, above)
                for word, part in schema.items()
                # Its mapping is made of references, and each member names its tag anyway.
                if word != "discriminator"
            }
        name = reference.rpartition("/")[2]
        notes = {word: part for word, part in schema.items() if word != "$ref"}
        if name in above:
            self._recursive[name] = self._components[name]
            return {"$ref": f"#/$defs/{name}"} | notes
        return self._inside(self._components[name], (*above, name)) | notes

    def _part(self, word: str, part: Any, above: tuple[str, ...]) -> Any:
        if word == "properties":
            return {name: self._inside(each, above) for name, each in part.items()}
        if word in _LISTS:
            return [self._inside(each, above) for each in part]
        return self._inside(part, above) if word in _SINGLE else part


def _title(path: str) -> str:
    """`Walmart grocery: create list`."""
    return ": ".join(" ".join(_WORD.findall(part)).lower() for part in path.split(".")).capitalize()
