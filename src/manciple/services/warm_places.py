"""Where answers are kept ready: here, where one process is everything, else each API instance."""

from collections.abc import Mapping, Sequence

import msgspec

from manciple.api.context import Context
from manciple.grocery.actions.warm import Place
from manciple.grocery.domain.people import WARMER_ID
from manciple.grocery.domain.uses import UseKind
from manciple.platform.mesh.registry import Registry
from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.client import Asked, WireClient
from manciple.platform.rpc.procedure import Caller, Kind
from manciple.platform.security.permissions import Grant, Principal
from manciple.services.house import House
from manciple.services.table import SERVICES

WARMER = Principal(user_id=WARMER_ID, grants=frozenset({Grant.READ}))
_API = SERVICES[0].name
_SEARCH, _DETAILS = "walmartGrocery.search", "walmartGrocery.getProductDetails"
# A search that takes longer is no use to warm just now.
_TIMEOUT_S = 5.0


class Here:
    """This process, which answers by itself."""

    name = "here"

    def __init__(self, house: House) -> None:
        self._search = Bound(house.table[_SEARCH])
        self._details = Bound(house.table[_DETAILS])
        self._context: Context = house.context_of(WARMER, Caller())

    async def ask(self, kind: UseKind, key: str) -> None:
        """Asks the procedure itself, past every door.

        Raises:
            MancipleError: whatever it raises.
        """
        bound = self._search if kind is UseKind.SEARCH else self._details
        await bound.answer(self._context, lambda: msgspec.Raw(_input(kind, key)))


class Instance:
    """One instance of the API, asked over its private door."""

    def __init__(self, name: str, client: WireClient, house: House) -> None:
        self.name = name
        self._client = client
        self._introductions = house.security.introductions

    async def ask(self, kind: UseKind, key: str) -> None:
        """Asks as a client does.

        Raises:
            MancipleError: the instance is not reached, or says no.
        """
        path = _SEARCH if kind is UseKind.SEARCH else _DETAILS
        headers: Mapping[str, str] = self._introductions.headers_for(WARMER)
        asked = Asked(path=path, kind=Kind.QUERY, text=_input(kind, key), headers=headers)
        await self._client.ask(asked, timeout_s=_TIMEOUT_S)

    async def close(self) -> None:
        """Closes its connections."""
        await self._client.close()


class WarmPlaces:
    """All places there are now. Close it when done."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._registry = Registry(house.stores.database, house.clock)
        self._instances: dict[str, Instance] = {}
        self._here: Here | None = None

    async def find(self) -> Sequence[Place]:
        """Every instance of the API that is ready; this process, if it can answer and none is."""
        entries = {entry.id: entry for entry in await self._registry.discover(_API)}
        for gone in [name for name in self._instances if name not in entries]:
            await self._instances.pop(gone).close()
        for name, entry in entries.items():
            if name not in self._instances:
                client = WireClient(entry.address, name=name, max_connections=1)
                self._instances[name] = Instance(name, client, self._house)
        if self._instances:
            return list(self._instances.values())
        if self._here is None and _SEARCH in self._house.table:
            self._here = Here(self._house)
        return [self._here] if self._here is not None else []

    async def close(self) -> None:
        """Closes every connection."""
        for instance in self._instances.values():
            await instance.close()
        self._instances.clear()


def _input(kind: UseKind, key: str) -> bytes:
    if kind is UseKind.SEARCH:
        return key.encode()
    return msgspec.json.encode({"productId": key})
