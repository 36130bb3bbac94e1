"""The table of everything a client can ask; a new router is one line here."""

from manciple.api import monitoring
from manciple.platform.rpc.router import Router, Table

ROUTERS: tuple[Router, ...] = (monitoring.router,)


def app_table() -> Table:
    """All procedures by their paths."""
    return Table(*ROUTERS)
