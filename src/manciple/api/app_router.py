"""The table of everything a client can ask; a new router is one line here."""

from manciple.api import grocery_lists, monitoring
from manciple.platform.rpc.router import Router, Table

ROUTERS: tuple[Router, ...] = (grocery_lists.router, monitoring.router)


def app_table() -> Table:
    """All procedures by their paths."""
    return Table(*ROUTERS)
