"""How used the instances of a service are, as its autoscaler wants to know. Pure."""

from collections.abc import Sequence
from datetime import datetime

from manciple.platform.mesh.autoscaler import Autoscaler, Bounds, Usage
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.spec import Scaling

# What an instance loads, stocks and warms when it begins says nothing of what callers want.
SLOW_START_S = 30.0


def usage_of(ready: Sequence[Entry], *, memory_bytes: int, now: datetime) -> Usage | None:
    """The means over the ready instances; None without any.

    Of a whole core, of the `memory_bytes` at which one is replaced, and of its capacity. For its
    first `SLOW_START_S` an instance counts with no more of a core than the older ones use.
    """
    if not ready:
        return None
    settled = [one.vitals.cpu_share for one in ready if not _is_young(one, now)]
    count, usual = len(ready), sum(settled) / len(settled) if settled else 0.0
    young = (min(one.vitals.cpu_share, usual) for one in ready if _is_young(one, now))
    return Usage(
        cpu=(sum(settled) + sum(young)) / count,
        memory=sum(one.vitals.memory_bytes for one in ready) / count / memory_bytes,
        in_flight=sum(one.vitals.in_flight / one.capacity for one in ready) / count,
    )


def _is_young(one: Entry, now: datetime) -> bool:
    """Whether it became ready lately; what is said of the future comes of a clock turned back."""
    return 0 <= (now - one.since_at).total_seconds() < SLOW_START_S


def autoscaler_of(scaling: Scaling) -> Autoscaler:
    """The autoscaler of a service with these limits."""
    return Autoscaler(
        Bounds(
            least=scaling.min_instances,
            most=scaling.max_instances,
            is_automatic=scaling.auto_scale,
        )
    )
