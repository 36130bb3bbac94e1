"""What the procedures of diagnostics take and give."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from manciple.platform.rpc.procedure import Wire

# Ten minutes: longer waits would tie up a server for nothing.
Milliseconds = Annotated[float, Meta(ge=0, le=600_000)]
Count = Annotated[int, Meta(ge=0, le=100_000)]
ProbeId = Annotated[str, Meta(min_length=1, max_length=100)]
ProbeState = Literal["running", "aborted", "done"]


class Echoed(Wire, frozen=True):
    """Any value at all, or none."""

    v: Any | UnsetType = UNSET


class Echo(Wire, frozen=True):
    """What was sent, as it was understood."""

    echo: Echoed


class Delayed(Wire, frozen=True):
    """A value to give back after `ms` milliseconds."""

    ms: Milliseconds
    value: Any = None


class Value(Wire, frozen=True):
    """A value given back."""

    value: Any


class Thrown(Wire, frozen=True):
    """An error to fail with: a wire code by name, and a text."""

    code: str
    message: str = ""


class Nothing(Wire, frozen=True):
    """An object without fields."""


class Leaking(Wire, frozen=True):
    """How many bytes to keep for ever."""

    size_bytes: Annotated[int, Meta(ge=1, le=50_000_000)]


class Leaked(Wire, frozen=True):
    """How many bytes are kept by now, and by which process."""

    kept_bytes: int
    pid: int


class WantedProbe(Wire, frozen=True):
    """A probe that runs for `ms` milliseconds unless its caller goes away."""

    id: ProbeId
    ms: Milliseconds


class ProbeName(Wire, frozen=True):
    """Which probe to look at."""

    id: ProbeId


class Probe(Wire, frozen=True):
    """How a probe is doing."""

    state: ProbeState


class Failing(Wire, frozen=True):
    """How many items to give before failing, and with which wire code."""

    after: Count = 0
    code: str = "INTERNAL_SERVER_ERROR"


class Resume(Wire, frozen=True):
    """Where to go on; absent at the start."""

    last_event_id: str | None = None


class Counting(Wire, frozen=True):
    """How far to count, and how long to wait before each next number."""

    count: Count
    interval_ms: Milliseconds = 0.0
    last_event_id: str | None = None


class Seq(Wire, frozen=True):
    """One number of a count."""

    seq: int


class Total(Wire, frozen=True):
    """How many there are."""

    count: int


class Done(Wire, frozen=True):
    """It was done."""

    ok: bool = True


class ReceivedForm(Wire, frozen=True):
    """What a form held."""

    name: str
    file_name: str | None
    size: int


class ReceivedBytes(Wire, frozen=True):
    """How many bytes came, and their sum."""

    size: int
    sum: int
