"""What is wanted of one service: how many instances, of which generation, and who says so."""

from collections import deque

from manciple.kit.errors import InvalidInput
from manciple.platform.mesh.autoscaler import Autoscaler, Usage
from manciple.platform.mesh.fleet import CRASH_WINDOW_S, Plan, is_looping, may_start_s
from manciple.platform.mesh.load import autoscaler_of
from manciple.platform.mesh.run_directory import Resolve
from manciple.platform.mesh.spec import ServiceSpec

# Of a service that crashes all the time, more would tell nothing new.
_KEPT_CRASHES = 50


class Wish:
    """The wish for one service; `port` is where its instances listen.

    `drain_s` is what an instance gets to finish its work before it must end.
    """

    def __init__(
        self, spec: ServiceSpec, *, port: int, drain_s: float, kept: Resolve | None = None
    ) -> None:
        self.spec = spec
        self.port = port
        self.generation = kept.generation if kept else 0
        self.is_pinned = kept.is_pinned if kept else False
        limits = spec.scaling
        least = limits.min_instances
        # The limits may have been other ones when it was kept.
        self.wanted = max(least, min(kept.wanted, limits.max_instances)) if kept else least
        self.crashes: deque[float] = deque(maxlen=_KEPT_CRASHES)
        self.last_end: str | None = None
        self._drain_s = drain_s
        self._autoscaler: Autoscaler = autoscaler_of(spec.scaling)

    @property
    def is_automatic(self) -> bool:
        """Whether load decides how many instances there are."""
        return self.spec.scaling.auto_scale and not self.is_pinned

    def plan(self) -> Plan:
        """The wish in the words of the fleet."""
        return Plan(
            service=self.spec.name,
            wanted=self.wanted,
            priority=self.spec.priority,
            needs=self.spec.needs,
            generation=self.generation,
            drain_s=self._drain_s,
            # What is still in flight after that gets as long again, then a moment to close.
            stop_s=self._drain_s + 5.0,
        )

    def resolve(self) -> Resolve:
        """The wish, to be kept for a supervisor to come."""
        return Resolve(
            port=self.port,
            wanted=self.wanted,
            is_pinned=self.is_pinned,
            generation=self.generation,
        )

    def scale(self, count: int | None) -> None:
        """Pins the number of instances; None leaves it to the load again.

        Raises:
            InvalidInput: more or fewer than the service may have.
        """
        limits = self.spec.scaling
        if count is not None and not limits.min_instances <= count <= limits.max_instances:
            raise InvalidInput.at(
                "count",
                f"{self.spec.name} runs {limits.min_instances} to {limits.max_instances} "
                f"instances, not {count}",
            )
        self.is_pinned = count is not None
        self.wanted = self.wanted if count is None else count
        # What was wanted before is no measure any more.
        self._autoscaler = autoscaler_of(limits)

    def follow(self, usage: Usage | None, now_s: float) -> bool:
        """Whether load changes the number now."""
        before = self.wanted
        if self.is_automatic:
            self.wanted = self._autoscaler.decide(self.wanted, usage, now_s)
        return self.wanted != before

    def forgive(self) -> None:
        """Forgets crashes, so that the next start rests no more; and wants the least at least."""
        self.crashes.clear()
        self.wanted = max(self.wanted, self.spec.scaling.min_instances)

    def crashed(self, now_s: float, how: str) -> None:
        """An instance ended unasked, or could not be started."""
        self.crashes.append(now_s)
        self.last_end = how

    def crashes_lately(self, now_s: float) -> int:
        """How many ended unasked within the last minute."""
        return sum(1 for at_s in self.crashes if at_s > now_s - CRASH_WINDOW_S)

    def is_looping(self, now_s: float) -> bool:
        """Whether it crashes again and again."""
        return is_looping(self.crashes, now_s)

    def next_start_s(self, now_s: float) -> float | None:
        """How long it still rests before the next start; None if it does not."""
        rest_s = may_start_s(self.crashes) - now_s
        return round(rest_s, 3) if rest_s > 0 else None
