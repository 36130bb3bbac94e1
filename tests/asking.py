"""Asks procedures of an open house as a client does: JSON in, JSON out, no socket."""

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Transaction
from manciple.kit.clock import Clock, SystemClock
from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.procedure import Caller
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.house import House
from manciple.services.settings import load
from manciple.services.wiring import open_house

# Newer than any bundled shelf, so that none is filled in.
FILLED_ALREADY = 1_000_000
ANN = Principal(user_id="ann", grants=frozenset({Grant.READ, Grant.WRITE}))
BOB = Principal(user_id="bob", grants=frozenset({Grant.READ, Grant.WRITE}))
READER = Principal(user_id="ann", grants=frozenset({Grant.READ}))
STRANGER = Principal(user_id=None, grants=frozenset())


class Client:
    """One person who asks a house."""

    def __init__(self, house: House, principal: Principal = ANN) -> None:
        self._house = house
        self._principal = principal

    async def ask(self, procedure: str, /, **wanted: Any) -> Any:
        """The answer of `walmartGrocery.<procedure>` or of a full path, as a client reads it."""
        path = procedure if "." in procedure else f"walmartGrocery.{procedure}"
        bound = Bound(self._house.table[path])
        context = self._house.context_of(self._principal, Caller())
        body = await bound.answer(context, lambda: msgspec.Raw(json.dumps(wanted).encode()))
        assert body is not None
        return json.loads(body)

    def as_(self, principal: Principal) -> "Client":
        return Client(self._house, principal)


@asynccontextmanager
async def an_open_house(
    folder: Path, clock: Clock | None = None, *, is_new: bool = True
) -> AsyncIterator[House]:
    """A house on a database in `folder`, by default a new one with an empty shelf."""
    path = folder / "grocery.db"
    if is_new:
        path.write_bytes(_empty_shelf())
    settings = load({"database.path": str(path)}, environ={}).settings
    async with open_house(settings, clock=clock) as house:
        yield house


@cache
def _empty_shelf() -> bytes:
    """The file of a migrated database that takes its empty shelf for full; made once a run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grocery.db"
        database = open_database(path)
        database.write_here(
            lambda connection: Transaction(connection, SystemClock()).catalogs.set_shelf_version(
                FILLED_ALREADY
            )
        )
        database.close_here()
        return path.read_bytes()
