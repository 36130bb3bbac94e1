"""Procedures that cost as much at any door as by a request of their own path.

The gate counts such requests by what they cost. Of a socket, and of a message of a model, each call
counts one as it comes in, before it is known what is called; the rest is counted here, before
anything is done.
"""

from dataclasses import replace
from typing import Any

from manciple.api.context import Context
from manciple.platform.rpc.procedure import Function, Procedure
from manciple.platform.rpc.router import Table
from manciple.services.visit_limits import Limits


def costly(table: Table, limits: Limits) -> Table:
    """The same table; what costs more than one call is counted in full at every door."""

    def change(procedure: Procedure) -> Procedure:
        more = limits.cost((procedure.path,)) - 1
        return procedure if more <= 0 else _counted(procedure, more)

    return table.changed(change)


def _counted(procedure: Procedure, more: int) -> Procedure:
    inner: Any = procedure.call

    async def call(ctx: Context, *wanted: Any) -> Any:
        if ctx.on_cost is not None:
            ctx.on_cost(more)
        return await inner(ctx, *wanted)

    function: Function = call
    return replace(procedure, call=function)
