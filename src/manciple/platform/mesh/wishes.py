"""What is wanted of all services, and how orders change it."""

from collections.abc import Callable, Collection, Sequence

import msgspec

from manciple.kit.errors import NotFound
from manciple.platform.mesh import orders
from manciple.platform.mesh.fleet import Plan
from manciple.platform.mesh.load import usage_of
from manciple.platform.mesh.orders import Order
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.reporting import Moment
from manciple.platform.mesh.run_directory import Resolve
from manciple.platform.mesh.wish import Wish

# Vitals are as old as a renewal of the lease.
_FOLLOW_EVERY_S = 2.0


class Wishes:
    """The wishes, in order of priority. `memory_bytes` is what an instance should take at most."""

    def __init__(self, wishes: Sequence[Wish], *, memory_bytes: int) -> None:
        self.is_ending = False
        self._by_name = {wish.spec.name: wish for wish in wishes}
        self._memory_bytes = memory_bytes
        self._follow_at_s = 0.0

    def all(self) -> tuple[Wish, ...]:
        """Every wish."""
        return tuple(self._by_name.values())

    def find(self, service: str) -> Wish | None:
        """The wish for a service that is ours."""
        return self._by_name.get(service)

    def of(self, service: str) -> Wish:
        """The wish for a service.

        Raises:
            NotFound: there is no such service.
        """
        if service not in self._by_name:
            raise NotFound("service", service)
        return self._by_name[service]

    def take(self, order: Order) -> None:
        """Changes what is wanted, as far as the order is about that.

        Raises:
            NotFound: no such service.
            InvalidInput: more or fewer instances than the service may have.
        """
        match order:
            case orders.Deploy():
                for wish in self.all():
                    wish.forgive()
            case orders.Scale(service=service, count=count):
                self.of(service).scale(count)
            case orders.Restart(service=service):
                for wish in self.all() if service is None else (self.of(service),):
                    wish.generation += 1
            case orders.Down():
                self.is_ending = True
            case _:
                pass

    def plans(self, living: Collection[str]) -> list[Plan]:
        """The wishes as plans. While all is ending, what is left is wanted no more.

        Those that need no other go first: they let people in, and call upon the rest.
        """
        plans = [wish.plan() for wish in self.all()]
        if not self.is_ending:
            return plans
        first = {plan.service for plan in plans if not plan.needs}
        going = first if first.intersection(living) else {plan.service for plan in plans}
        return [msgspec.structs.replace(plan, wanted=0) for plan in plans if plan.service in going]

    def crashes(self) -> dict[str, Sequence[float]]:
        """The moments of each service's unasked ends."""
        return {name: wish.crashes for name, wish in self._by_name.items()}

    def follow(self, ready: Callable[[str], Sequence[Entry]], now: Moment) -> list[Wish]:
        """Looks at the load every other second; tells whose number of instances changed."""
        if now.s < self._follow_at_s or self.is_ending:
            return []
        self._follow_at_s = now.s + _FOLLOW_EVERY_S
        return [
            wish
            for name, wish in self._by_name.items()
            if wish.follow(
                usage_of(ready(name), memory_bytes=self._memory_bytes, now=now.at), now.s
            )
        ]

    def are_missing(self, have: Sequence[str]) -> bool:
        """Whether fewer run than are wanted; `have` names the service of each that does."""
        return not self.is_ending and any(have.count(w.spec.name) < w.wanted for w in self.all())

    def resolves(self) -> dict[str, Resolve]:
        """The wishes, to be kept for a supervisor to come."""
        return {wish.spec.name: wish.resolve() for wish in self.all()}
