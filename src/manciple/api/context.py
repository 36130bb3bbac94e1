"""What every procedure receives: who asks, and the actions that can answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from manciple.api.actions import Actions
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.permissions import Grant, Principal
from manciple.platform.security.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Actions):
    """One call's principal; every action of the house is an attribute.

    `on_call` counts calls that no gate has counted, and `on_cost` what a call costs beyond one.
    """

    principal: Principal
    caller: Caller
    actions: Actions
    visit: Visit = field(default_factory=Visit)
    on_call: Callable[[int], None] | None = None
    on_cost: Callable[[int], None] | None = None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            return getattr(self.actions, name)

    def require(self, needs: str) -> None:
        """Returns if the caller holds the grant `needs`.

        Raises:
            NotSignedIn: a stranger asks for more than is public.
            NotAllowed: the caller lacks the grant.
            TooMany: the caller has asked too often.
        """
        if self.on_call is not None:
            self.on_call(1)
        if self.visit.failure is not None and needs != Grant.PUBLIC:
            raise self.visit.failure
        self.principal.require(needs)
