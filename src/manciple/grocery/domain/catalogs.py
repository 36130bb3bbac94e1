"""A catalog of products on its way in: rows that are a product, or say what is wrong."""

from datetime import datetime

import msgspec

from manciple.grocery.domain.products import Product
from manciple.kit.errors import Problem


class CatalogRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a catalog; `line` counts from 1 as an editor shows it.

    Either `product` is there, or `problems` says what is wrong with which field.
    """

    line: int
    product: Product | None = None
    problems: tuple[Problem, ...] = ()


class CatalogStats(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the catalog holds; `categories` and `sources` count products, most first."""

    products: int
    brands: int
    priced: int
    sized: int
    with_gtin: int
    categories: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    last_updated_at: datetime | None
