"""The table of everything a client can ask; a new router is one line here."""

from manciple.platform.rpc.router import Router, Table

ROUTERS: tuple[Router, ...] = ()


def app_table() -> Table:
    """All procedures by their paths."""
    return Table(*ROUTERS)
