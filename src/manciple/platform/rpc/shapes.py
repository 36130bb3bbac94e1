"""What every procedure of a table takes and gives, with one name for each type in them.

The faces (TypeScript, OpenAPI, reference pages) render these shapes and look at no Python type
themselves.
"""

from collections.abc import Iterator, Mapping
from types import UnionType as PythonUnion
from typing import Any, Union, get_args, get_origin

from msgspec import inspect as types

from manciple.platform.rpc.fields import (
    FIELDED,
    NAMED,
    UNKNOWN,
    Direction,
    Named,
    bare,
    is_tracked,
    is_upload,
    parts,
    properties,
)
from manciple.platform.rpc.naming import unique_names
from manciple.platform.rpc.procedure import Procedure


class Shapes:
    """The inputs and outputs of a table; `inputs[path]` is None where nothing is taken."""

    def __init__(self, table: Mapping[str, Procedure]) -> None:
        self.inputs: dict[str, types.Type | None] = {}
        self.outputs: dict[str, types.Type] = {}
        self._seen: dict[tuple[Any, Direction], Named] = {}
        for path in sorted(table):
            self._add(table[path])
        self._names = self._name_all()

    def name(self, of: Named, direction: Direction) -> str:
        """The one name of a type in a direction."""
        return self._names[of.cls, direction]

    def named(self) -> Iterator[tuple[str, Named, Direction]]:
        """Every type once by each of its names, in the order of the names."""
        by_name = {self._names[key]: (shape, key[1]) for key, shape in self._seen.items()}
        for name in sorted(by_name):
            yield name, *by_name[name]

    def _add(self, procedure: Procedure) -> None:
        path = procedure.path
        try:
            takes = None if procedure.input is None else _shape(procedure.input)
            gives = _shape(procedure.output)
            if takes is not None:
                self._collect(takes, Direction.INPUT)
            self._collect(gives, Direction.OUTPUT)
        except TypeError as problem:
            message = f"{path} cannot be described to a client: {problem}"
            raise TypeError(message) from problem
        self.inputs[path] = takes
        self.outputs[path] = gives

    def _collect(self, shape: types.Type, direction: Direction) -> None:
        if isinstance(shape, NAMED) and not is_tracked(shape) and not is_upload(shape):
            if (shape.cls, direction) in self._seen:
                return
            self._seen[shape.cls, direction] = shape
        if isinstance(shape, types.CustomType | types.ExtType) and not is_upload(shape):
            message = f"no JSON stands for {shape!r}"
            raise TypeError(message)
        for part in () if is_upload(shape) else parts(shape):
            self._collect(part, direction)

    def _name_all(self) -> dict[tuple[Any, Direction], str]:
        """Outputs bear the plain name; an input does too unless it differs from the output."""
        plain = unique_names({cls for cls, _ in self._seen})
        differing = self._differing()
        names = {}
        for cls, direction in self._seen:
            name = plain[cls]
            has_twin = direction is Direction.INPUT and (cls, Direction.OUTPUT) in self._seen
            if has_twin and cls in differing:
                name = _beside(name + "Input", set(plain.values()))
            names[cls, direction] = name
        return names

    def _differing(self) -> set[Any]:
        """The types whose input is not their output, by themselves or through what they hold."""
        holders = {cls: set(_held(shape)) for (cls, _), shape in self._seen.items()}
        found = {cls for (cls, _), shape in self._seen.items() if _differs_itself(shape)}
        while grown := {cls for cls, held in holders.items() if held & found} - found:
            found |= grown
        return found


def _shape(of: Any) -> types.Type:
    """The shape of an input or output.

    A union at the top is taken apart first: a subscription may mix items that only their
    envelope tells apart, which no decoder could.
    """
    if get_origin(of) in {Union, PythonUnion}:
        return types.UnionType(types.multi_type_info(get_args(of)))
    return types.type_info(of)


def _held(shape: types.Type) -> Iterator[Any]:
    """The classes of the named types right inside a shape, through lists and the like."""
    for part in parts(shape):
        if isinstance(part, NAMED):
            yield part.cls
        else:
            yield from _held(part)


def _differs_itself(shape: Named) -> bool:
    """Whether a field may be left out one way only, or is taken in more forms than it is given.

    An unknown that is required of a client is given as optional, and a decimal that is given as a
    number is taken as text too.
    """
    if not isinstance(shape, FIELDED):
        return False
    pairs = zip(
        properties(shape, Direction.INPUT), properties(shape, Direction.OUTPUT), strict=True
    )
    return any(
        taken.is_optional != given.is_optional
        or (isinstance(bare(taken.type), UNKNOWN) and not taken.is_optional)
        or _holds_decimal(taken.type)
        for taken, given in pairs
    )


def _holds_decimal(shape: types.Type) -> bool:
    """Whether there is a decimal right inside, not inside another named type."""
    if isinstance(shape, types.DecimalType):
        return True
    return not isinstance(shape, NAMED) and any(map(_holds_decimal, parts(shape)))


def _beside(name: str, taken: set[str]) -> str:
    return _beside(name + "_", taken) if name in taken else name
