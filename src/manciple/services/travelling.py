"""Procedures that travel: in the mesh, what asks the shop is asked of the pricing service.

One place then keeps the pace towards the outside. While the service is away the answer is what is
known here, and it says so. Where one process is everything, nothing of this happens.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from manciple.api.context import Context
from manciple.api.price_watches import LiveInput, NotRefreshed, RefreshAnswer, RefreshInput
from manciple.api.search_inputs import DetailsInput
from manciple.kit.errors import MancipleError, NotFound, TimedOut, Unavailable
from manciple.platform.mesh.proxy import ServiceProxy
from manciple.platform.rpc.client import Cut
from manciple.platform.rpc.procedure import Function, Procedure
from manciple.platform.rpc.router import Table
from manciple.services.mesh_lines import MeshLines, why_away

PRICING = "walmart-pricing"
WARMER = "walmart-cache-warmer"
MONITOR = "walmart-memory-monitor"
_AWAY = (Unavailable, Cut, TimedOut)

Here = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One call under way: the procedure as it is here, and the service it may go to."""

    ctx: Context
    path: str
    here: Here
    there: ServiceProxy

    async def stay(self, wanted: Any, away: MancipleError) -> Any:
        """What is known here, asking nobody.

        Raises:
            MancipleError: `away`, if that is nothing at all.
        """
        try:
            return await self.here(self.ctx, wanted)
        except NotFound as error:
            raise away from error


Travel = Callable[..., Awaitable[Any]]


async def _current(trip: Trip, wanted: LiveInput) -> Any:
    if wanted.refresh == "never":
        return await trip.here(trip.ctx, wanted)
    try:
        return await trip.there.call("walmartPrice.current", wanted)
    except _AWAY as error:
        known = msgspec.structs.replace(wanted, refresh="never")
        answer = await trip.stay(known, error)
        return _missing(answer, is_live=answer.is_live, live_missing=why_away(PRICING, error))


async def _refresh(trip: Trip, wanted: RefreshInput) -> Any:
    try:
        return await trip.there.call("walmartPrice.refresh", wanted)
    except _AWAY as error:
        why = why_away(PRICING, error)
        missing = tuple(NotRefreshed(product_id=id_, reason=why) for id_ in wanted.product_ids)
        return RefreshAnswer(success=False, prices=(), missing=missing)


async def _details(trip: Trip, wanted: DetailsInput) -> Any:
    """The pricing service asks the shop and keeps what it says; all else is known here."""
    if not wanted.include_real_time:
        return await trip.here(trip.ctx, wanted)
    known = msgspec.structs.replace(wanted, include_real_time=False)
    try:
        live = await trip.there.walmart_price.current(product_id=wanted.product_id, refresh="now")
    except _AWAY as error:
        answer = await trip.stay(known, error)
        missing = None if answer.is_real_time else why_away(PRICING, error)
        return _missing(answer, real_time_missing=missing)
    answer = await trip.here(trip.ctx, known)
    return _missing(answer, is_real_time=live.is_live, real_time_missing=live.live_missing)


async def _all(trip: Trip, *wanted: Any) -> Any:
    """As it is: only that service knows."""
    return await trip.there.call(trip.path, *wanted)


TRAVELS: Mapping[str, tuple[str, Travel]] = {
    "walmartPrice.current": (PRICING, _current),
    "walmartPrice.refresh": (PRICING, _refresh),
    "walmartGrocery.getProductDetails": (PRICING, _details),
    "cacheWarmer.status": (WARMER, _all),
    "cacheWarmer.warmNow": (WARMER, _all),
    "memoryMonitor.current": (MONITOR, _all),
    "memoryMonitor.history": (MONITOR, _all),
    "memoryMonitor.thresholds": (MONITOR, _all),
}
"""The procedures that travel: to which service, and how."""


def travelling(table: Table, lines: MeshLines, *, has_outside: Callable[[], bool]) -> Table:
    """The same table; what travels asks its service where that is another process.

    `has_outside` tells whether there is any source to ask at all.
    """

    def change(procedure: Procedure) -> Procedure:
        known = TRAVELS.get(procedure.path)
        if known is None:
            return procedure
        return _wrapped(procedure, *known, lines=lines, has_outside=has_outside)

    return table.changed(change)


def _wrapped(
    procedure: Procedure,
    service: str,
    travel: Travel,
    *,
    lines: MeshLines,
    has_outside: Callable[[], bool],
) -> Procedure:
    here: Any = procedure.call

    async def call(ctx: Context, *wanted: Any) -> Any:
        is_idle = service == PRICING and not has_outside()
        if is_idle or not await lines.is_member():
            return await here(ctx, *wanted)
        there = await lines.proxy(service, ctx)
        return await travel(Trip(ctx=ctx, path=procedure.path, here=here, there=there), *wanted)

    function: Function = call
    return replace(procedure, call=function)


def _missing(answer: Any, **changes: object) -> Any:
    return msgspec.structs.replace(answer, **changes)
