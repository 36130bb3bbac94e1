"""What a supervisor can be asked, and how it answers: one JSON line each.

A door of its own and not the wire: it must answer when no service runs at all.
"""

from typing import NoReturn

import msgspec

from manciple.kit.errors import InvalidInput, MancipleError, NotFound, Refused, Unavailable
from manciple.platform.mesh.registry import Entry

# A status of 18 instances takes some 10 kB.
MAX_LINE_BYTES = 1 << 20


class _Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="order", tag=str.lower):
    """What every order derives from."""


class Status(_Order, frozen=True, kw_only=True):
    """Tell how everything is."""


class Deploy(_Order, frozen=True, kw_only=True):
    """Have every service run that is not stopped on purpose; rests after crashes end now."""


class Scale(_Order, frozen=True, kw_only=True):
    """Keep `count` instances of a service, whatever the load; None leaves it to the load."""

    service: str
    count: int | None


class Drain(_Order, frozen=True, kw_only=True):
    """Replace one instance: a fresh one first, then this one finishes what it has and ends."""

    id: str


class Restart(_Order, frozen=True, kw_only=True):
    """Replace all instances one by one, of one service or of all (None)."""

    service: str | None


class Down(_Order, frozen=True, kw_only=True):
    """End everything gracefully, and then the supervisor."""


Order = Status | Deploy | Scale | Drain | Restart | Down


class InstanceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One instance as the supervisor sees it."""

    entry: Entry
    uptime_s: float


class ServiceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One service. `next_start_s` is the rest that is left after a crash, None if there is none.

    `is_automatic` says whether load decides how many are `wanted`. `crashes` counts the last
    minute; `last_end` tells how the last one that ended unasked did so.
    """

    name: str
    port: int
    wanted: int
    generation: int
    instances: tuple[InstanceStatus, ...]
    is_automatic: bool = False
    is_looping: bool = False
    crashes: int = 0
    next_start_s: float | None = None
    last_end: str | None = None


class MeshStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a supervisor watches over, services in order of priority."""

    pid: int
    uptime_s: float
    services: tuple[ServiceStatus, ...]
    is_ending: bool = False

    def service(self, name: str) -> ServiceStatus:
        """The service of that name.

        Raises:
            NotFound: there is none such.
        """
        for one in self.services:
            if one.name == name:
                return one
        raise NotFound("service", name)


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """The order is taken; this is how everything is now."""

    status: MeshStatus


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """The order is not taken. `facts` are what the error of that `kind` is built from."""

    kind: str
    facts: tuple[str, ...]

    @classmethod
    def of(cls, error: MancipleError) -> "Failed":
        """The error, made ready to travel."""
        match error:
            case NotFound():
                return cls(kind="not_found", facts=(error.what, error.id))
            case InvalidInput() if error.problems:
                first = error.problems[0]
                where = ".".join(str(step) for step in first.where)
                return cls(kind="invalid", facts=(where, first.problem))
            case Unavailable():
                return cls(kind="unavailable", facts=(error.what,))
            case _:
                return cls(kind="refused", facts=(str(error),))

    def throw(self) -> NoReturn:
        """Raises the error that this was made of.

        Raises:
            NotFound: no such service or instance.
            InvalidInput: the order is wrong.
            Unavailable: not now.
            Refused: a rule says no.
        """
        match self.kind, self.facts:
            case "not_found", (what, id_):
                raise NotFound(what, id_)
            case "invalid", (where, problem):
                raise InvalidInput.at(where, problem)
            case "unavailable", (what,):
                raise Unavailable(what, wait_s=1)
            case _:
                raise Refused("; ".join(self.facts))


Answer = Done | Failed
