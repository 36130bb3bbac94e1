"""Fills the catalog: from the bundled shelf at first start, and from people's own files."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Protocol, TypeVar

import msgspec

from manciple.grocery.domain.catalogs import CatalogRow, CatalogStats
from manciple.grocery.domain.products import Product
from manciple.grocery.stores.products import Upserted
from manciple.grocery.stores.stores import Stores, Transaction

# Rows written between two reports of progress, and held in memory at once.
BATCH = 900
# Problems that are kept to be shown; all are counted.
MOST_PROBLEMS = 50

_LENGTH_BYTES = 4
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Product])

Progress = Callable[[int], None]
T = TypeVar("T")


class CatalogSource(Protocol):
    """Where rows come from."""

    def rows(self) -> Iterator[CatalogRow]: ...


class Shelf(Protocol):
    """The bundled products; `version` grows when they change."""

    @property
    def version(self) -> int: ...

    @property
    def source(self) -> str: ...

    def products(self) -> Iterator[Product]: ...


class Checked(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a look at a catalog found: the first bad rows and the counts of all."""

    rows: int
    bad_rows: int
    bad: tuple[CatalogRow, ...]


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a catalog: `written` is None where nothing was to be written."""

    checked: Checked
    written: Upserted | None


class FillCatalog:
    """Verbs of the catalog as a whole."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def stats(self) -> CatalogStats:
        """What the catalog holds."""
        return await self._stores.read(lambda tx: tx.catalogs.stats())

    async def stock(self, shelf: Shelf, *, progress: Progress = lambda _: None) -> Upserted | None:
        """What filling in the bundled shelf changed; None where it was filled in already.

        One transaction: a crash leaves the catalog as it was. What was since imported, watched
        or removed stays so.
        """
        if await self._stores.read(lambda tx: tx.catalogs.shelf_version()) >= shelf.version:
            return None
        return await self._stores.write(lambda tx: _stock(tx, shelf, progress))

    async def load(
        self,
        source: CatalogSource,
        *,
        dry_run: bool = False,
        skip_bad: bool = False,
        progress: Progress = lambda _: None,
    ) -> Imported:
        """Writes every row of a catalog in one transaction, or none of them.

        All rows are read and checked first, while everybody else goes on writing, and any bad one
        stops the import unless `skip_bad`. Good ones wait in a temporary file, so memory holds one
        batch only. `progress` hears the rows read and the rows written together, from another
        thread.

        Raises:
            InvalidInput: the source cannot be read at all.
        """
        with TemporaryFile() as spool:
            checked = await asyncio.to_thread(_check, source, spool, progress)
            if dry_run or (checked.bad_rows and not skip_bad):
                return Imported(checked=checked, written=None)
            spool.seek(0)
            written = await self._stores.write(
                lambda tx: _load(tx, spool, lambda rows: progress(checked.rows + rows))
            )
        return Imported(checked=checked, written=written)


def _check(source: CatalogSource, spool: IO[bytes], progress: Progress) -> Checked:
    """Reads all rows; the good ones go to `spool`, batch by batch."""
    rows, bad_rows = 0, 0
    shown: list[CatalogRow] = []
    for batch in _batches(source.rows()):
        bad = [row for row in batch if row.problems]
        shown += bad[: MOST_PROBLEMS - len(shown)]
        rows, bad_rows = rows + len(batch), bad_rows + len(bad)
        body = _encoder.encode([row.product for row in batch if row.product is not None])
        spool.write(len(body).to_bytes(_LENGTH_BYTES, "big") + body)
        progress(rows)
    return Checked(rows=rows, bad_rows=bad_rows, bad=tuple(shown))


def _load(tx: Transaction, spool: IO[bytes], progress: Progress) -> Upserted:
    done, rows = Upserted(), 0
    while length := spool.read(_LENGTH_BYTES):
        products = _decoder.decode(spool.read(int.from_bytes(length, "big")))
        done += tx.products.upsert_many(products)
        rows += len(products)
        progress(rows)
    return done


def _stock(tx: Transaction, shelf: Shelf, progress: Progress) -> Upserted:
    is_first = tx.catalogs.shelf_version() == 0 and tx.products.latest_revision() == 0
    done, rows = Upserted(), 0
    for batch in _batches(shelf.products()):
        wanted = batch if is_first else _ours(tx, batch, shelf.source)
        done += tx.products.upsert_many(wanted)
        rows += len(batch)
        progress(rows)
    tx.catalogs.set_shelf_version(shelf.version)
    return done


def _ours(tx: Transaction, batch: list[Product], source: str) -> list[Product]:
    """Those of a newer shelf that nobody else has spoken of since the older one."""
    ids = [product.product_id for product in batch]
    found = tx.products.by_ids(ids)
    removed = tx.products.removed(ids)
    return [
        product
        for product in batch
        if product.product_id not in removed
        and ((old := found.get(product.product_id)) is None or _is_from(old, source))
    ]


def _is_from(product: Product, source: str) -> bool:
    return product.source == source and (product.price is None or product.price.source == source)


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    found = iter(rows)
    while batch := list(islice(found, BATCH)):
        yield batch
