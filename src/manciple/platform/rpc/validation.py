"""The slow second look at an input: every problem at once, where the decoder stops at the first.

It runs only after decoding failed. It also makes good what JavaScript does not tell apart: a
number such as `20.0` is taken where an integer is wanted.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

from manciple.platform.rpc.found_issues import MAX_ISSUES, MISSING, FoundIssues, Where, received

_FORMATS: dict[type[inspect.Type], tuple[Any, str, str]] = {
    inspect.DateTimeType: (datetime, "datetime", "ISO datetime"),
    inspect.DateType: (date, "date", "ISO date"),
    inspect.TimeType: (time, "time", "ISO time"),
    inspect.TimeDeltaType: (timedelta, "duration", "ISO duration"),
    inspect.UUIDType: (UUID, "uuid", "UUID"),
    inspect.BytesType: (bytes, "base64", "base64-encoded string"),
}
_EXPECTED: dict[type[inspect.Type], str] = {
    inspect.StrType: "string",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.DecimalType: "number",
}


def look_again(kind: Any, value: object) -> tuple[Any, list[dict[str, Any]]]:
    """The value with whole floats as integers where those are wanted, and all its issues."""
    judge = _Judge()
    mended = judge.look(inspect.type_info(kind), value, ())
    return mended, judge.issues.all[:MAX_ISSUES]


class _Judge:
    """Walks a type and a value side by side and collects issues."""

    def __init__(self) -> None:
        self.issues = FoundIssues()
        self._looks: dict[type[inspect.Type], Callable[[Any, Any, Where], Any]] = {
            inspect.StrType: self._string,
            inspect.IntType: self._integer,
            inspect.FloatType: self._number,
            inspect.DecimalType: self._decimal,
            inspect.BoolType: self._simple,
            inspect.NoneType: self._simple,
            inspect.StructType: self._object,
            inspect.TypedDictType: self._object,
            inspect.DataclassType: self._object,
            inspect.DictType: self._record,
            inspect.ListType: self._array,
            inspect.VarTupleType: self._array,
            inspect.SetType: self._array,
            inspect.FrozenSetType: self._array,
            inspect.TupleType: self._tuple,
            inspect.LiteralType: self._literal,
            inspect.EnumType: self._enum,
            inspect.UnionType: self._union,
        }

    def look(self, info: inspect.Type, value: Any, path: Where) -> Any:
        """The value, mended; what is wrong with it is added to the issues."""
        if len(self.issues.all) >= MAX_ISSUES:
            return value
        if isinstance(info, inspect.Metadata):
            return self.look(info.type, value, path)
        if type(info) in _FORMATS:
            return self._formatted(info, value, path)
        found = self._looks.get(type(info))
        return found(info, value, path) if found is not None else value

    def _simple(self, info: inspect.Type, value: Any, path: Where) -> Any:
        expected = _EXPECTED[type(info)]
        if received(value) != expected:
            self.issues.wrong_type(expected, value, path)
        return value

    def _string(self, info: inspect.StrType, value: Any, path: Where) -> Any:
        if not isinstance(value, str):
            self.issues.wrong_type("string", value, path)
            return value
        self._size("string", "characters", value, info=info, path=path)
        if info.pattern is not None and not re.search(info.pattern, value):
            self.issues.no_match(info.pattern, path)
        return value

    def _formatted(self, info: inspect.Type, value: Any, path: Where) -> Any:
        kind, form, words = _FORMATS[type(info)]
        if not isinstance(value, str):
            self.issues.wrong_type("string", value, path)
            return value
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            self.issues.wrong_format(form, words, path)
        return value

    def _integer(self, info: inspect.IntType, value: Any, path: Where) -> Any:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, float):
            self.issues.no_integer(path)
            return value
        return self._number(info, value, path)

    def _decimal(self, info: inspect.DecimalType, value: Any, path: Where) -> Any:
        if isinstance(value, str):
            return self._parsed(value, path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.issues.wrong_type(_EXPECTED[type(info)], value, path)
        return value

    def _parsed(self, value: str, path: Where) -> str:
        try:
            wrong = not math.isfinite(float(value))
        except ValueError:
            wrong = True
        if wrong:
            self.issues.wrong_type("number", value, path)
        return value

    def _number(self, info: inspect.IntType | inspect.FloatType, value: Any, path: Where) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.issues.wrong_type("number", value, path)
            return value
        bounds = (
            ("small", ">=", info.ge, operator.lt),
            ("small", ">", info.gt, operator.le),
            ("big", "<=", info.le, operator.gt),
            ("big", "<", info.lt, operator.ge),
        )
        for size, sign, limit, is_broken in bounds:
            if limit is not None and is_broken(value, limit):
                self.issues.out_of_bounds("number", size, sign=sign, limit=limit, path=path)
        if info.multiple_of and value % info.multiple_of:
            self.issues.no_multiple(info.multiple_of, path)
        return value

    def _size(self, origin: str, unit: str, value: Any, *, info: Any, path: Where) -> None:
        if info.min_length is not None and len(value) < info.min_length:
            self.issues.out_of_bounds(
                origin, "small", sign=">=", limit=info.min_length, path=path, unit=unit
            )
        if info.max_length is not None and len(value) > info.max_length:
            self.issues.out_of_bounds(
                origin, "big", sign="<=", limit=info.max_length, path=path, unit=unit
            )

    def _object(self, info: Any, value: Any, path: Where) -> Any:
        if not isinstance(value, dict):
            self.issues.wrong_type("object", value, path)
            return value
        mended = dict(value)
        for field in info.fields:
            name = field.encode_name
            if name in value:
                mended[name] = self.look(field.type, value[name], (*path, name))
            elif field.required:
                self.look(field.type, MISSING, (*path, name))
        return mended

    def _record(self, info: inspect.DictType, value: Any, path: Where) -> Any:
        if not isinstance(value, dict):
            self.issues.wrong_type("record", value, path)
            return value
        self._size("object", "keys", value, info=info, path=path)
        return {key: self.look(info.value_type, item, (*path, key)) for key, item in value.items()}

    def _array(self, info: Any, value: Any, path: Where) -> Any:
        if not isinstance(value, list):
            self.issues.wrong_type("array", value, path)
            return value
        self._size("array", "items", value, info=info, path=path)
        return [self.look(info.item_type, item, (*path, index)) for index, item in enumerate(value)]

    def _tuple(self, info: inspect.TupleType, value: Any, path: Where) -> Any:
        if not isinstance(value, list):
            self.issues.wrong_type("tuple", value, path)
            return value
        size = len(info.item_types)
        if len(value) != size:
            too, sign = ("big", "<=") if len(value) > size else ("small", ">=")
            self.issues.out_of_bounds("array", too, sign=sign, limit=size, path=path, unit="items")
            return value
        pairs = zip(info.item_types, value, strict=True)
        return [self.look(kind, item, (*path, at)) for at, (kind, item) in enumerate(pairs)]

    def _literal(self, info: inspect.LiteralType, value: Any, path: Where) -> Any:
        return self._one_of(list(info.values), value, path)

    def _enum(self, info: inspect.EnumType, value: Any, path: Where) -> Any:
        return self._one_of([member.value for member in info.cls], value, path)

    def _one_of(self, values: Sequence[Any], value: Any, path: Where) -> Any:
        if value not in values or isinstance(value, bool):
            self.issues.no_option(values, path)
        return value

    def _union(self, info: inspect.UnionType, value: Any, path: Where) -> Any:
        kinds = [kind for kind in info.types if not isinstance(kind, inspect.NoneType)]
        if value is None and len(kinds) < len(info.types):
            return None
        fitting = _fitting(kinds, value)
        if len(fitting) == 1:
            return self.look(fitting[0], value, path)
        tries = [_attempt(kind, value) for kind in fitting]
        for mended, issues in tries:
            if not issues:
                return mended
        errors = [issues for _, issues in tries]
        self.issues.no_kind(errors, path)
        return value


def _attempt(kind: inspect.Type, value: Any) -> tuple[Any, list[dict[str, Any]]]:
    """The value as that kind, and its issues; their paths begin at the value itself."""
    judge = _Judge()
    return judge.look(kind, value, ()), judge.issues.all


def _fitting(kinds: list[inspect.Type], value: Any) -> list[inspect.Type]:
    """Of tagged structs, the one that the value's tag names; else all that were given."""
    if isinstance(value, Mapping):
        for kind in kinds:
            if (
                isinstance(kind, inspect.StructType)
                and kind.tag_field is not None
                and value.get(kind.tag_field) == kind.tag
            ):
                return [kind]
    return kinds
