"""Fills the catalog: from the bundled shelf at first start, and from people's own files."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Protocol, TypeVar

import msgspec

from manciple.grocery.domain.catalogs import CatalogRow, CatalogStats
from manciple.grocery.domain.products import Product
from manciple.grocery.stores.products import Upserted
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import InvalidInput, Problem

# Rows written between two reports of progress, and held in memory at once.
BATCH = 900
# Problems that are kept to be shown; all are counted.
MOST_PROBLEMS = 50

Progress = Callable[[int], None]
T = TypeVar("T")


class CatalogSource(Protocol):
    """Where rows come from; asked twice, first to check them and then, in full, to write them."""

    def rows(self, *, in_full: bool) -> Iterator[CatalogRow]: ...


class Shelf(Protocol):
    """The bundled products; `version` grows when they change."""

    @property
    def version(self) -> int: ...

    @property
    def source(self) -> str: ...

    def products(self) -> Iterator[Product]: ...


class Checked(msgspec.Struct, frozen=True, kw_only=True):
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

        The rows are read twice: first all are checked, and any bad one stops the import unless
        `skip_bad`. Memory holds one batch. `progress` hears how many rows are done, from another
        thread.

        Raises:
            InvalidInput: the source cannot be read at all, or changed between the two readings.
        """
        checked = check(source)
        if dry_run or (checked.bad_rows and not skip_bad):
            return Imported(checked=checked, written=None)
        written = await self._stores.write(
            lambda tx: _load(tx, source, expected=checked, progress=progress)
        )
        return Imported(checked=checked, written=written)


def check(source: CatalogSource) -> Checked:
    """What is in a catalog, without writing anything."""
    rows, bad_rows = 0, 0
    bad: list[CatalogRow] = []
    for row in source.rows(in_full=False):
        rows += 1
        if row.problems:
            bad_rows += 1
            if len(bad) < MOST_PROBLEMS:
                bad.append(row)
    return Checked(rows=rows, bad_rows=bad_rows, bad=tuple(bad))


def _load(
    tx: Transaction, source: CatalogSource, *, expected: Checked, progress: Progress
) -> Upserted:
    done = Upserted()
    rows, bad_rows = 0, 0
    for batch in _batches(source.rows(in_full=True)):
        products = [row.product for row in batch if row.product is not None]
        done += tx.products.upsert_many(products)
        rows += len(batch)
        bad_rows += len(batch) - len(products)
        progress(rows)
    if (rows, bad_rows) != (expected.rows, expected.bad_rows):
        # Raising takes everything back.
        raise InvalidInput(Problem(("file",), "changed while it was being read"))
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
