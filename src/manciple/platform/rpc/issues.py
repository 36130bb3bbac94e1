"""Issues of an input, worded and shaped as front ends know them from zod."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from manciple.kit.errors import InvalidInput, Problem


class BadInput(InvalidInput):
    """An input that does not fit its type; `issues` has everything that zod would say."""

    def __init__(self, issues: Sequence[Mapping[str, Any]]) -> None:
        self.issues = tuple(issues)
        super().__init__(*(Problem(tuple(it["path"]), it["message"]) for it in issues))


class Issues:
    """What is wrong with one input, ready to be written."""

    def __init__(self, issues: Sequence[Mapping[str, Any]]) -> None:
        self._issues = issues

    @classmethod
    def of(cls, error: InvalidInput) -> "Issues":
        """The issues of an error, whether the wire or an action raised it."""
        if isinstance(error, BadInput):
            return cls(error.issues)
        return cls(
            [
                {"code": "custom", "path": list(problem.where), "message": problem.problem}
                for problem in error.problems
            ]
        )

    def text(self) -> str:
        """The issues as indented JSON, which is the error's message on the wire."""
        return json.dumps(self._issues, indent=2, ensure_ascii=False)

    def flattened(self) -> dict[str, Any]:
        """The messages by top-level field; those of no field are form errors."""
        form: list[str] = []
        fields: dict[str, list[str]] = {}
        for issue in self._issues:
            path = issue["path"]
            bucket = fields.setdefault(str(path[0]), []) if path else form
            bucket.append(issue["message"])
        return {"formErrors": form, "fieldErrors": fields}
