"""Puts the house together: the one place that constructs actions from what they need."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from manciple.api.context import Context
from manciple.kit.clock import Clock, SystemClock
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.settings import Settings

# Stands in for sign-in: whoever reaches the door is the house's one user. Not an administrator.
LOCAL_USER = Principal(user_id="local", grants=frozenset({Grant.READ, Grant.WRITE}))


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that answers, opened and ready. Used by the doors, the commands and tests."""

    settings: Settings
    clock: Clock

    async def context(self, caller: Caller) -> Context:
        """What a procedure receives for a call from `caller`."""
        return self.context_of(LOCAL_USER, caller)

    def context_of(self, principal: Principal, caller: Caller) -> Context:
        """What a procedure receives when `principal` calls; no sign-in is looked at."""
        return Context(principal=principal, caller=caller)


@asynccontextmanager
async def open_house(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[House]:
    """The house, opened; closed again at the end of the block."""
    clock = clock or SystemClock()
    yield House(settings=settings, clock=clock)
