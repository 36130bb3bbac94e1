"""The page of every error: what it means, its codes on the wire and of the command line."""

import inspect

from manciple.cli.failures import exit_code
from manciple.kit.errors import (
    Conflict,
    InvalidInput,
    MancipleError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    Refused,
    TimedOut,
    TooLarge,
    TooMany,
    Unavailable,
    Upstream,
)
from manciple.platform.rpc.codes import CODES, fault_of

_INTRODUCTION = """\
# Errors

Sorted by what the caller can do. Over HTTP an error is
`{"error": {"message": …, "code": NUMBER, "data": {"code": NAME, "httpStatus": …, "path": …,
"zodError": …}}}`; `zodError` is null unless the input was refused, and then has `formErrors` and
`fieldErrors` by top-level field. What nobody foresaw is INTERNAL_SERVER_ERROR with a reference
under which the log has the rest. The exit codes are those of the command line.

| error | name on the wire | HTTP | exit code |
| --- | --- | --: | --: |
"""

EXAMPLES: tuple[MancipleError, ...] = (
    InvalidInput(Problem(("items", 0, "quantity"), "Too small: expected number to be >0")),
    NotSignedIn(),
    NotAllowed("write"),
    NotFound("list", "list_42"),
    Conflict("list", found="version 7"),
    Refused("An archived list cannot be edited; restore it first"),
    TooLarge(limit_bytes=1024 * 1024),
    TooMany(wait_s=30),
    TimedOut(after_s=10),
    Upstream("walmart-page", "the page could not be read"),
    Unavailable("The database", wait_s=5),
)


def errors() -> str:
    """The page: a table of our errors, each with an example, then all codes of the protocol."""
    rows = [_row(error) for error in EXAMPLES]
    entries = ["", *(_entry(error) for error in EXAMPLES)]
    codes = [f"| {code.name} | {code.number} | {code.status} |" for code in CODES.values()]
    head = "\n## Every code of the protocol\n\n| name | number | HTTP |\n| --- | --: | --: |\n"
    return (
        _INTRODUCTION
        + "\n".join(rows)
        + "\n\n"
        + "\n".join(entries)
        + head
        + "\n".join(codes)
        + "\n"
    )


def _row(error: MancipleError) -> str:
    fault = fault_of(error)
    code = fault.code if fault else CODES["INTERNAL_SERVER_ERROR"]
    return f"| {type(error).__name__} | {code.name} | {code.status} | {exit_code(error)} |"


def _entry(error: MancipleError) -> str:
    return f"## {type(error).__name__}\n\n{inspect.getdoc(error)}\n\n> {error}\n"
