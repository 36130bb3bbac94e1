"""What is wrong with an input, collected while it is looked through, in the words of zod."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

MISSING: Final = object()
"""Stands for a value that was not sent: `undefined` in the words of the client."""

# A hostile body has a hundred thousand wrong fields; nobody reads that many.
MAX_ISSUES = 50

Where = tuple[str | int, ...]
"""Where a value stands in the input: names of fields, and places in lists."""


def received(value: object) -> str:
    """The name that JavaScript has for the type of a value."""
    if value is MISSING:
        return "undefined"
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (str, "string"), (int, "number"), (float, "number")):
        if isinstance(value, kind):
            return name
    return "array" if isinstance(value, list) else "object"


class FoundIssues:
    """The issues of one input so far, each with its path, its code and its message."""

    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []

    def wrong_type(self, expected: str, value: object, path: Where) -> None:
        """The value is of another type."""
        message = f"Invalid input: expected {expected}, received {received(value)}"
        self._add(path, message, expected=expected, code="invalid_type")

    def no_integer(self, path: Where) -> None:
        """The number has a fraction."""
        message = "Invalid input: expected int, received number"
        self._add(path, message, expected="int", format="safeint", code="invalid_type")

    def no_match(self, pattern: str, path: Where) -> None:
        """The text does not match a pattern."""
        self._add(
            path,
            f"Invalid string: must match pattern /{pattern}/",
            origin="string",
            code="invalid_format",
            format="regex",
            pattern=f"/{pattern}/",
        )

    def wrong_format(self, form: str, words: str, path: Where) -> None:
        """The text is not of a format, which people call by those words."""
        self._add(path, f"Invalid {words}", origin="string", code="invalid_format", format=form)

    def no_multiple(self, divisor: float, path: Where) -> None:
        """The number is no multiple of another."""
        self._add(
            path,
            f"Invalid number: must be a multiple of {_plain(divisor)}",
            origin="number",
            code="not_multiple_of",
            divisor=_plain(divisor),
        )

    def out_of_bounds(
        self, origin: str, size: str, *, sign: str, limit: Any, path: Where, unit: str = ""
    ) -> None:
        """A number, or the length of something in units, is too `small` or too `big`."""
        verb = f"to have {sign}{_plain(limit)} {unit}" if unit else f"to be {sign}{_plain(limit)}"
        facts = {
            "origin": origin,
            "code": f"too_{size}",
            "minimum" if size == "small" else "maximum": _plain(limit),
            "inclusive": sign.endswith("="),
        }
        self._add(path, f"Too {size}: expected {origin} {verb}", **facts)

    def no_option(self, values: Sequence[Any], path: Where) -> None:
        """The value is none of those that may be."""
        options = "|".join(msgspec.json.encode(option).decode() for option in values)
        words = (
            f"Invalid option: expected one of {options}"
            if len(values) > 1
            else f"Invalid input: expected {options}"
        )
        self._add(path, words, code="invalid_value", values=list(values))

    def no_kind(self, errors: list[list[dict[str, Any]]], path: Where) -> None:
        """The value fits none of several kinds; what is wrong with it as each of them."""
        self._add(path, "Invalid input", code="invalid_union", errors=errors)

    def _add(self, path: Where, message: str, **facts: Any) -> None:
        self.all.append({**facts, "path": list(path), "message": message})


def _plain(limit: float) -> float:
    """A limit without a useless fraction: 1.0 is 1 for JavaScript."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit
