"""The bundled shelf: thousands of real products that need no network and no account.

Its prices are samples, each with its method and a measured confidence; see `shelf_data/NOTICE.md`.
"""

import lzma
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from manciple.grocery.domain.claims import stated_claims
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import Size

SOURCE = "shelf"
# Grows when the bundled data changes, so that a database filled from older data is refreshed.
VERSION = 1
# How many products it holds; a test holds it to the file.
COUNT = 8363

_DATA = Path(__file__).parent / "shelf_data"
# GroceryDB was collected in 2021 and the receipts in 2017; neither says the day of one figure.
_IN_2021 = datetime(2021, 7, 1, tzinfo=UTC)
_IN_2017 = datetime(2017, 7, 1, tzinfo=UTC)
_METHODS = {
    "kcal-like-name": (
        "sample: price per kilocalorie of this product (2021) × energy of foods of a like name",
        _IN_2021,
    ),
    "kcal-category": (
        "sample: price per kilocalorie of this product (2021) × median energy of its category",
        _IN_2021,
    ),
    "panel": ("sample: median paid for goods of a like name and size (2017)", _IN_2017),
    "panel-category": ("sample: median paid for goods of this category and size (2017)", _IN_2017),
}

T = TypeVar("T")


class _Row(msgspec.Struct, frozen=True):
    id: str
    name: str
    path: tuple[str, ...]
    brand: str | None = None
    size: Size | None = None
    processing: float | None = None
    cents: int | None = None
    method: str = ""
    confidence: float = 0.0
    missing: str | None = None


class _Facts(msgspec.Struct, frozen=True):
    id: str
    gtin: str
    ingredients: str


class BundledShelf:
    """The shelf as it is bundled."""

    version = VERSION
    source = SOURCE
    count = COUNT

    def __init__(self, folder: Path = _DATA) -> None:
        self._folder = folder

    def products(self) -> Iterator[Product]:
        """Every product of the shelf, in the order of their ids as text."""
        return shelf_products(self._folder)


def shelf_products(folder: Path = _DATA) -> Iterator[Product]:
    """Every product of the shelf, in the order of their ids as text."""
    facts = {each.id: each for each in _lines(folder / "openfoodfacts.jsonl.xz", _Facts)}
    for row in _lines(folder / "products.jsonl.xz", _Row):
        known = facts.get(row.id)
        yield Product(
            product_id=row.id,
            name=row.name,
            brand=row.brand,
            category_path=row.path,
            size=row.size,
            price=_price(row),
            price_missing=row.missing,
            product_url=f"https://www.walmart.com/ip/{row.id}",
            gtin=known.gtin if known else None,
            claims=stated_claims(row.name),
            ingredients=(known.ingredients or None) if known else None,
            processing=row.processing,
            source=SOURCE,
            updated_at=_IN_2021,
        )


def _price(row: _Row) -> Price | None:
    if row.cents is None:
        return None
    method, observed_at = _METHODS[row.method]
    return Price(
        cents=row.cents,
        source=SOURCE,
        method=method,
        observed_at=observed_at,
        confidence=row.confidence,
    )


def _lines(path: Path, kind: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(kind)
    with lzma.open(path) as lines:
        for line in lines:
            yield decoder.decode(line)
