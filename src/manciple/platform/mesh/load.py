"""How used the instances of a service are, as its autoscaler wants to know. Pure."""

from collections.abc import Sequence

from manciple.platform.mesh.autoscaler import Autoscaler, Bounds, Usage
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.spec import Scaling


def usage_of(ready: Sequence[Entry], *, memory_bytes: int) -> Usage | None:
    """The means over the ready instances; None without any.

    Of a whole core, of the `memory_bytes` at which one is replaced, and of its capacity.
    """
    if not ready:
        return None
    count = len(ready)
    return Usage(
        cpu=sum(one.vitals.cpu_share for one in ready) / count,
        memory=sum(one.vitals.memory_bytes for one in ready) / count / memory_bytes,
        in_flight=sum(one.vitals.in_flight / one.capacity for one in ready) / count,
    )


def autoscaler_of(scaling: Scaling) -> Autoscaler:
    """The autoscaler of a service with these limits."""
    return Autoscaler(
        Bounds(
            least=scaling.min_instances,
            most=scaling.max_instances,
            is_automatic=scaling.auto_scale,
        )
    )
