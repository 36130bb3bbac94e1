"""Where the process is in its life, for probes that ask whether to send it work."""

from enum import StrEnum


class Phase(StrEnum):
    """A life goes from the first to the last, never back."""

    STARTING = "starting"
    OPEN = "open"
    DRAINING = "draining"


class Life:
    """The phase of this process; one object, shared by everything that must know."""

    def __init__(self) -> None:
        self.phase = Phase.STARTING

    @property
    def is_open(self) -> bool:
        """Whether work may be sent here."""
        return self.phase is Phase.OPEN
