"""Keeps the search index in step with the products in the database."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence

import msgspec

from manciple.grocery.domain.product_names import ParsedName
from manciple.grocery.index.product_index import ProductIndex
from manciple.grocery.stores.products import ProductChange
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.cache import Cache
from manciple.kit.clock import Clock
from manciple.kit.errors import Unavailable

# One commit takes in this many changes: large enough to be quick, small enough to be kept by a
# crash of a long rebuild.
_BATCH = 10_000
_PAGE = 2_000
# How long another process' changes may stay unseen by searches here.
_LOOK_AGAIN_S = 2.0


# Another process builds the bundled shelf's index in about seven seconds; a search here waits for
# it rather than failing.
_TRIES = 300
_TRY_AGAIN_S = 0.3

# The tag of every answer that any change of any product may make wrong.
ANY_PRODUCT = "products"


class IndexCheck(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether the index holds exactly the products of the database, up to its last change."""

    agrees: bool
    products: int
    indexed: int
    database_revision: int
    index_revision: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    digest: str


class KnownNames(msgspec.Struct, frozen=True, kw_only=True):
    """What products' names say, by id, as of the `revision` or a later one."""

    revision: int = 0
    by_id: Mapping[str, ParsedName] = {}


class IndexProducts:
    """Follows the database; all changes of the index go through here, one at a time."""

    def __init__(
        self, stores: Stores, index: ProductIndex, clock: Clock, *, cache: Cache | None = None
    ) -> None:
        self._cache = cache
        self._stores = stores
        self._index = index
        self._clock = clock
        self._turn = asyncio.Lock()
        self._looked_at_s: float | None = None
        self._written = 0
        self._callbacks: list[Callable[[Sequence[str]], None]] = []
        stores.on_written(self._note_written)

    def _note_written(self) -> None:
        self._written += 1
        self._looked_at_s = None

    @property
    def is_current(self) -> bool:
        """Whether the index was in step a moment ago and nothing was written here since."""
        seen_s = self._looked_at_s
        return seen_s is not None and self._clock.monotonic() - seen_s < _LOOK_AGAIN_S

    async def keep_up(self) -> None:
        """Follows the database, unless that was done a moment ago and nothing was written here."""
        if self.is_current:
            return
        written, begun_s = self._written, self._clock.monotonic()
        await self.catch_up()
        if written == self._written:
            self._looked_at_s = begun_s

    async def catch_up(self) -> int:
        """Takes in everything that changed since the index' own revision; how many changes."""
        async with self._turn:
            await asyncio.to_thread(self._index.open)
            taken = 0
            while True:
                changes = await self._changes(self._index.revision)
                if not changes:
                    return taken
                if await self._taken(changes):
                    taken += len(changes)
                await self._tell_all(changes)

    async def names(self) -> KnownNames:
        """What every product's name says; none are known while another process holds the index."""
        try:
            await self.keep_up()
        except Unavailable:
            return KnownNames()
        revision = self._index.revision
        return KnownNames(revision=revision, by_id=await asyncio.to_thread(self._index.names))

    def on_taken(self, callback: Callable[[Sequence[str]], None]) -> None:
        """`callback` is told the ids of the products whose changes are now in."""
        self._callbacks.append(callback)

    async def _tell_all(self, changes: Sequence[ProductChange]) -> None:
        """Tells of these changes, and of those beyond that another process has taken in."""
        while changes:
            self._tell(changes)
            last = changes[-1].revision
            changes = await self._changes(last) if last < self._index.revision else ()

    def _tell(self, changes: Sequence[ProductChange]) -> None:
        ids = [change.product_id for change in changes]
        if self._cache is not None:
            self._cache.drop(ids)
            self._cache.drop((ANY_PRODUCT,))
        for callback in self._callbacks:
            callback(ids)

    async def rebuild(self) -> int:
        """Makes the index anew from the database; how many products are in."""
        async with self._turn:
            await asyncio.to_thread(self._index.open)
            await asyncio.to_thread(self._index.clear)
        await self.catch_up()
        return self._index.count()

    async def check(self) -> IndexCheck:
        """Compares index and database, without changing either."""

        def work(tx: Transaction) -> tuple[frozenset[str], int]:
            ids: list[str] = []
            while page := tx.products.page(after=ids[-1] if ids else "", limit=_PAGE):
                ids.extend(product.product_id for product in page)
            return frozenset(ids), tx.products.latest_revision()

        await asyncio.to_thread(self._index.open)
        kept, revision = await self._stores.read(work)
        indexed = await asyncio.to_thread(self._index.all_ids)
        digest = hashlib.sha256("\n".join(sorted(indexed)).encode()).hexdigest()[:16]
        return IndexCheck(
            agrees=kept == indexed and revision == self._index.revision,
            products=len(kept),
            indexed=len(indexed),
            database_revision=revision,
            index_revision=self._index.revision,
            missing=tuple(sorted(kept - indexed)[:20]),
            extra=tuple(sorted(indexed - kept)[:20]),
            digest=digest,
        )

    async def _changes(self, after: int) -> list[ProductChange]:
        def work(tx: Transaction) -> list[ProductChange]:
            found: list[ProductChange] = []
            last = after
            while len(found) < _BATCH:
                page = tx.products.changed_since(last, limit=_PAGE)
                if not page:
                    break
                found.extend(page)
                last = page[-1].revision
            return found

        return await self._stores.read(work)

    async def _taken(self, changes: list[ProductChange]) -> bool:
        """Whether the changes are in; False where another process has moved the index meanwhile.

        Raises:
            Unavailable: another process has been writing the index for too long.
        """
        after = self._index.revision
        for attempt in range(_TRIES):
            try:
                return await asyncio.to_thread(self._take, changes, after)
            except Unavailable:
                if attempt + 1 == _TRIES:
                    raise
            await self._clock.sleep(_TRY_AGAIN_S)
            await asyncio.to_thread(self._index.reload)
            if self._index.revision != after:
                return False
        return False

    def _take(self, changes: list[ProductChange], after: int) -> bool:
        return self._index.apply(
            ((change.product_id, change.product) for change in changes),
            after=after,
            revision=changes[-1].revision,
        )
