"""How one type looks on the wire: its fields, its parts, its notes.

An input and an output of the same type may differ: a field with a default may be left out of the
first and is always there in the second.
"""

import inspect
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, get_origin

import msgspec
from msgspec import inspect as types

from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.procedure import Tracked

Fielded: TypeAlias = (
    types.StructType | types.TypedDictType | types.DataclassType | types.NamedTupleType
)
Named: TypeAlias = Fielded | types.EnumType
FIELDED = (types.StructType, types.TypedDictType, types.DataclassType, types.NamedTupleType)
NAMED = (*FIELDED, types.EnumType)
UNKNOWN = (types.AnyType, types.RawType)


class Direction(StrEnum):
    """Whether a value comes from a client or goes to it."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One field on the wire in one direction.

    `default` is `msgspec.NODEFAULT` where there is none, and in outputs, which need none.
    """

    name: str
    type: types.Type
    is_optional: bool
    default: Any = msgspec.NODEFAULT


def properties(shape: Fielded, direction: Direction) -> tuple[Property, ...]:
    """The fields of a shape on the wire, a union's tag first."""
    fields = tuple(_property(shape, field, direction) for field in shape.fields)
    if not isinstance(shape, types.StructType) or shape.tag_field is None or shape.tag is None:
        return fields
    literal = types.LiteralType((shape.tag,))
    return (Property(name=shape.tag_field, type=literal, is_optional=False), *fields)


def is_array(shape: Fielded) -> bool:
    """Whether the fields go over the wire as an array, without their names."""
    return isinstance(shape, types.NamedTupleType) or (
        isinstance(shape, types.StructType) and shape.array_like
    )


def is_tracked(shape: types.Type) -> bool:
    """Whether this is `Tracked[X]`: an item of a subscription with an id."""
    return isinstance(shape, types.StructType) and get_origin(shape.cls) is Tracked


def is_upload(shape: types.Type) -> bool:
    """Whether this is no JSON: a form, or a stream of bytes."""
    return getattr(shape, "cls", None) in {Form, ByteStream}


def may_be_absent(shape: types.Type | None) -> bool:
    """Whether a call may come without any input: null or an empty object would do."""
    whole = None if shape is None else bare(shape)
    if whole is None or isinstance(whole, (types.NoneType, types.DictType, *UNKNOWN)):
        return True
    if isinstance(whole, types.UnionType):
        return whole.includes_none or any(
            may_be_absent(each) for each in whole.types if getattr(each, "tag", None) is None
        )
    if not isinstance(whole, FIELDED) or is_upload(whole) or is_array(whole):
        return False
    return not any(field.required for field in whole.fields)


def bare(shape: types.Type) -> types.Type:
    """A shape without the notes that were attached to it."""
    return bare(shape.type) if isinstance(shape, types.Metadata) else shape


def note(shape: types.Type) -> str:
    """The description that was attached to a field or to its type in a union, or nothing."""
    if isinstance(shape, types.UnionType):
        return next(filter(None, map(note, shape.types)), "")
    extra = shape.extra_json_schema if isinstance(shape, types.Metadata) else None
    return str((extra or {}).get("description", ""))


def doc(shape: Named) -> str:
    """The docstring that somebody wrote for this very type, or nothing.

    An inherited one says nothing about it, and named tuples and dataclasses invent theirs.
    """
    cls = _plain(shape.cls)
    written = inspect.cleandoc(cls.__dict__.get("__doc__") or "")
    return "" if written.startswith(f"{cls.__name__}(") else written


def parts(shape: types.Type) -> tuple[types.Type, ...]:
    """The shapes directly inside a shape."""
    match shape:
        case types.Metadata():
            return (shape.type,)
        case types.UnionType(types=inside) | types.TupleType(item_types=inside):
            return inside
        case types.CollectionType():
            return (shape.item_type,)
        case types.DictType():
            return (shape.key_type, shape.value_type)
        case _:
            return tuple(field.type for field in getattr(shape, "fields", ()))


def _plain(cls: Any) -> Any:
    """`Page` of `Page[Product]`."""
    return get_origin(cls) or cls


def _property(shape: Fielded, field: types.Field, direction: Direction) -> Property:
    if direction is Direction.INPUT:
        return Property(
            name=field.encode_name,
            type=field.type,
            is_optional=not field.required,
            default=_default(field),
        )
    return Property(name=field.encode_name, type=field.type, is_optional=_may_lack(shape, field))


def _default(field: types.Field) -> Any:
    """What stands in for a field that a client leaves out."""
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _may_lack(shape: Fielded, field: types.Field) -> bool:
    """Whether an output may come without the field.

    Only where the default is UNSET (msgspec then names no default at all), where a typed
    dictionary does not demand the key, or where the type says that defaults are left out.
    """
    if field.required:
        return False
    if isinstance(shape, types.StructType) and _plain(shape.cls).__struct_config__.omit_defaults:
        return True
    return field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT


_LIMITS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
}


def limits(shape: types.Type) -> dict[str, Any]:
    """The limits on a value, by their names in JSON Schema; those of a union's members together."""
    whole = bare(shape)
    if isinstance(whole, types.UnionType):
        return {name: limit for each in whole.types for name, limit in limits(each).items()}
    names = {
        **_LIMITS,
        "min_length": f"min{_counted(whole)}",
        "max_length": f"max{_counted(whole)}",
    }
    found = ((name, getattr(whole, limit, None)) for limit, name in names.items())
    return {name: value for name, value in found if value is not None}


def _counted(shape: types.Type) -> str:
    """What a length counts."""
    if isinstance(shape, types.CollectionType):
        return "Items"
    return "Properties" if isinstance(shape, types.DictType) else "Length"
