"""How commands fail: one clear line on standard error, and an exit code that scripts can read."""

import sys
import traceback

from manciple.kit.errors import (
    Conflict,
    InvalidInput,
    MancipleError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    TimedOut,
    TooLarge,
    TooMany,
    Unavailable,
    Upstream,
)

FAILED = 1
# sysexits.h: an internal software error.
DEFECT = 70
_CODES: dict[type[MancipleError], int] = {
    InvalidInput: 2,
    TooLarge: 2,
    NotFound: 3,
    NotSignedIn: 4,
    NotAllowed: 4,
    Refused: 4,
    Conflict: 4,
    Upstream: 5,
    Unavailable: 5,
    TimedOut: 5,
    TooMany: 5,
}


def exit_code(error: MancipleError) -> int:
    """2 wrong input, 3 not found, 4 refused, 5 unavailable now, 1 any other failure."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), FAILED)


def tell(error: MancipleError) -> None:
    """Prints the error in one line; of wrong input, one line for each problem."""
    problems = error.problems if isinstance(error, InvalidInput) else (error,)
    for problem in problems or (error,):
        sys.stderr.write(f"manciple: {problem}\n")


def tell_defect(error: Exception) -> None:
    """Prints what nobody foresaw, with its traceback: it is ours to repair."""
    sys.stderr.write("".join(traceback.format_exception(error)))
    sys.stderr.write("manciple: this is a defect of ours; please report it with the lines above\n")
