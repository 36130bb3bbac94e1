"""The errors of the house, sorted by what the caller can do about them.

Facts are fields, and the sentence is built from them. Nothing here knows HTTP:
`platform/rpc/codes.py` alone maps these classes to wire codes.
"""

from dataclasses import dataclass


class MancipleError(Exception):
    """Anything that we raise on purpose; its text may be shown to the caller."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    `where` is the path to the field on the wire (`("items", 0, "quantity")`), empty for the whole.
    """

    where: tuple[str | int, ...]
    problem: str

    def __str__(self) -> str:
        path = ".".join(str(step) for step in self.where)
        return f"{path}: {self.problem}" if path else self.problem


class InvalidInput(MancipleError):
    """The input is wrong; carries every problem, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))

    @classmethod
    def at(cls, where: str, problem: str) -> "InvalidInput":
        """One problem at one top-level field."""
        return cls(Problem((where,), problem))


class NotSignedIn(MancipleError):
    """The caller must sign in first."""

    def __init__(self, why: str = "Sign in first") -> None:
        super().__init__(why)


class NotAllowed(MancipleError):
    """The caller is known and may not do this."""

    def __init__(self, needs: str) -> None:
        self.needs = needs
        super().__init__(f"This needs: {needs}")


class NotFound(MancipleError):
    """There is no such thing, or none that the caller may see."""

    def __init__(self, what: str, id: str) -> None:  # noqa: A002 - the field's name in the house
        self.what = what
        self.id = id
        super().__init__(f"No {what} {id!r}")


class Conflict(MancipleError):
    """The thing changed since the caller read it; re-read, then try again."""

    def __init__(self, what: str, *, found: str) -> None:
        self.what = what
        self.found = found
        super().__init__(f"{what} is not as you last saw it: {found}")


class Refused(MancipleError):
    """A rule of the domain says no."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)


class TooLarge(MancipleError):
    """The input is over a size limit."""

    def __init__(self, *, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        super().__init__(f"Larger than the {limit_bytes} bytes that are allowed")


class TooMany(MancipleError):
    """Too many calls; wait `wait_s` seconds."""

    def __init__(self, *, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(f"Too many requests; try again in {wait_s:.0f} s")


class TimedOut(MancipleError):
    """It took longer than `after_s` seconds and was given up."""

    def __init__(self, *, after_s: float) -> None:
        self.after_s = after_s
        super().__init__(f"Given up after {after_s:g} s")


class Upstream(MancipleError):
    """Something outside failed; the cause is chained."""

    def __init__(self, source: str, problem: str) -> None:
        self.source = source
        self.problem = problem
        super().__init__(f"{source}: {problem}")


class Unavailable(MancipleError):
    """We cannot answer now; try again in `wait_s` seconds."""

    def __init__(self, what: str, *, wait_s: float) -> None:
        self.what = what
        self.wait_s = wait_s
        super().__init__(f"{what} is unavailable; try again in {wait_s:.0f} s")
