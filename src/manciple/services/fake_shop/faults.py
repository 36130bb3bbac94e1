"""How the fake shop misbehaves: faults on a schedule, by the count of requests. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from manciple.kit.errors import InvalidInput


class Fault(StrEnum):
    """What goes wrong with one answer."""

    NONE = "none"
    SLOW = "slow"
    TOO_MANY = "429"
    FAILS = "500"
    DOWN = "503"
    RESET = "reset"
    TRUNCATED = "truncated"
    BOT_WALL = "botwall"
    DRIFT = "drift"


class Schedule:
    """The fault of each request in turn, round and round: `none*8,slow,429` is ten long."""

    def __init__(self, faults: Sequence[Fault] = (Fault.NONE,)) -> None:
        self._faults = tuple(faults)
        self._turn = 0

    @classmethod
    def read(cls, text: str) -> "Schedule":
        """The schedule as it is written on the command line.

        Raises:
            InvalidInput: it names no fault, or one that does not exist.
        """
        faults: list[Fault] = []
        for part in text.split(","):
            name, _, times = part.strip().partition("*")
            try:
                faults += [Fault(name)] * int(times or 1)
            except ValueError as error:
                known = ", ".join(Fault)
                raise InvalidInput.at("faults", f"{part!r}: expected some of {known}") from error
        if not 0 < len(faults) <= 10_000:  # noqa: PLR2004 - one round of a day
            raise InvalidInput.at("faults", "expected one to ten thousand")
        return cls(faults)

    def next(self) -> Fault:
        """The fault of this request."""
        self._turn += 1
        return self._faults[(self._turn - 1) % len(self._faults)]
