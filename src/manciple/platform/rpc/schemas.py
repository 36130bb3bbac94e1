"""Shapes as JSON Schema (2020-12, the dialect of OpenAPI 3.1), one schema for each direction."""

from typing import Any

import msgspec
from msgspec import inspect as types

from manciple.platform.rpc.fields import (
    NAMED,
    Direction,
    Fielded,
    Named,
    Property,
    bare,
    doc,
    is_array,
    is_tracked,
    limits,
    parts,
    properties,
)
from manciple.platform.rpc.shapes import Shapes

Schema = dict[str, Any]

_SIMPLE: dict[type[types.Type], Schema] = {
    types.AnyType: {},
    types.RawType: {},
    types.NoneType: {"type": "null"},
    types.BoolType: {"type": "boolean"},
    types.IntType: {"type": "integer"},
    types.FloatType: {"type": "number"},
    types.DecimalType: {"type": "number"},
    types.StrType: {"type": "string"},
    types.BytesType: {"type": "string", "contentEncoding": "base64"},
    types.ByteArrayType: {"type": "string", "contentEncoding": "base64"},
    types.MemoryViewType: {"type": "string", "contentEncoding": "base64"},
    types.DateTimeType: {"type": "string", "format": "date-time"},
    types.DateType: {"type": "string", "format": "date"},
    types.TimeType: {"type": "string", "format": "time"},
    types.TimeDeltaType: {"type": "string", "format": "duration"},
    types.UUIDType: {"type": "string", "format": "uuid"},
}
# As text, a decimal comes through parsers that only know floats unharmed.
_DECIMAL_INPUT: Schema = {"type": ["number", "string"], "pattern": r"^[+-]?\d+(\.\d+)?$"}
_JSON = msgspec.json.Encoder(decimal_format="number")


class Schemas:
    """Writes shapes as schemas; everything named is referred to under `components`."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    def components(self) -> dict[str, Schema]:
        """The schema of every named type, by name."""
        return {
            name: self._declared(shape, direction)
            for name, shape, direction in self._shapes.named()
        }

    def schema(self, shape: types.Type, direction: Direction) -> Schema:
        """The schema of a shape; a named one is only referred to."""
        if isinstance(shape, types.Metadata):
            return self.schema(shape.type, direction) | (shape.extra_json_schema or {})
        if is_tracked(shape):
            _, data = parts(shape)
            return json_object({"id": {"type": "string"}, "data": self.schema(data, direction)})
        if isinstance(shape, NAMED):
            return {"$ref": f"#/components/schemas/{self._shapes.name(shape, direction)}"}
        if isinstance(shape, types.UnionType):
            return self._union(shape, direction)
        if isinstance(shape, types.DictType):
            return self._map(shape, direction) | limits(shape)
        inner = [self.schema(part, direction) for part in parts(shape)]
        return _composed(shape, inner) if inner else _simple(shape, direction)

    def _declared(self, shape: Named, direction: Direction) -> Schema:
        text = doc(shape)
        described = {"description": text} if text else {}
        if isinstance(shape, types.EnumType):
            return {"enum": [member.value for member in shape.cls], **described}
        fields = properties(shape, direction)
        if is_array(shape):
            return self._array(fields, direction) | described
        return self._fields(shape, direction) | described

    def _fields(self, shape: Fielded, direction: Direction) -> Schema:
        fields = properties(shape, direction)
        optional = {field.name for field in fields if field.is_optional}
        return json_object(
            {field.name: self._field(field, direction) for field in fields}, optional
        )

    def _field(self, field: Property, direction: Direction) -> Schema:
        schema = self.schema(field.type, direction)
        if field.default is msgspec.NODEFAULT:
            return schema
        return schema | {"default": msgspec.json.decode(_JSON.encode(field.default))}

    def _array(self, fields: tuple[Property, ...], direction: Direction) -> Schema:
        needed = sum(not field.is_optional for field in fields)
        return _tuple([self.schema(field.type, direction) for field in fields], needed)

    def _union(self, shape: types.UnionType, direction: Direction) -> Schema:
        """Any of the members; those that a tag tells apart become one member with that tag."""
        tagged = [each for each in map(bare, shape.types) if getattr(each, "tag", None) is not None]
        others = [each for each in shape.types if bare(each) not in tagged]
        members = [self.schema(each, direction) for each in others]
        if tagged:
            members.insert(0, self._tagged(tagged, direction))
        return _any_of(members)

    def _tagged(self, members: list[Any], direction: Direction) -> Schema:
        by_tag = {str(each.tag): self.schema(each, direction) for each in members}
        return {
            "oneOf": list(by_tag.values()),
            "discriminator": {
                "propertyName": members[0].tag_field,
                "mapping": {tag: schema["$ref"] for tag, schema in by_tag.items()},
            },
        }

    def _map(self, shape: types.DictType, direction: Direction) -> Schema:
        schema = {
            "type": "object",
            "additionalProperties": self.schema(shape.value_type, direction),
        }
        key = bare(shape.key_type)
        if isinstance(key, types.EnumType | types.LiteralType):
            schema["propertyNames"] = self.schema(key, direction)
        return schema


def _any_of(members: list[Schema]) -> Schema:
    """Any of the members; "or null" is written into the type of a lone simple one."""
    if len(members) == 1:
        return members[0]
    lone = [each for each in members if each != _SIMPLE[types.NoneType]]
    if len(lone) == 1 and (kinds := lone[0].get("type")):
        return lone[0] | {"type": [*(kinds if isinstance(kinds, list) else [kinds]), "null"]}
    return {"anyOf": members}


def json_object(fields: dict[str, Schema], optional: set[str] | None = None) -> Schema:
    """An object; further keys are allowed, as inputs ignore them and outputs may grow."""
    required = [name for name in fields if name not in (optional or ())]
    return {
        "type": "object",
        "properties": fields,
        **({"required": required} if required else {}),
    }


def _tuple(items: list[Schema], needed: int) -> Schema:
    size = {"minItems": needed, "maxItems": len(items)}
    return {"type": "array", "prefixItems": items, **size}


def _composed(shape: types.Type, inner: list[Schema]) -> Schema:
    if isinstance(shape, types.TupleType):
        return _tuple(inner, len(inner))
    return {"type": "array", "items": inner[0], **limits(shape)}


def _simple(shape: types.Type, direction: Direction) -> Schema:
    if isinstance(shape, types.DecimalType) and direction is Direction.INPUT:
        return _DECIMAL_INPUT
    if isinstance(shape, types.LiteralType):
        return {"enum": list(shape.values)}
    if isinstance(shape, types.TupleType):
        return {"type": "array", "maxItems": 0}
    return _SIMPLE[type(shape)] | limits(shape)
