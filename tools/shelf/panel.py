"""Prices paid at a grocer in 2017 (dunnhumby's "The Complete Journey"), by kind and size."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

import pyarrow.compute as pc
import pyarrow.parquet as pq

from manciple.grocery.domain.units import UNITS, parse_size
from tools.shelf.words import Nearest, words

# Fewer goods than this of one size say too little: of one tier, then the tiers speak together.
_LEAST_GOODS = 10
# Unit prices fall with size, so only goods of about the same size speak.
_SIZE_RATIO = 1.5
_LIKE = 0.45
_KINDS = 4


@dataclass(frozen=True, slots=True)
class Good:
    """One article of the panel: what was paid for one, and how much that one holds."""

    category: str
    kind: str
    is_private: bool
    amount: float
    cents: float


@dataclass(frozen=True, slots=True)
class Package:
    """What a price is wanted for; `amount` is in grams or milliliters: the panel calls both OZ."""

    amount: Fraction
    is_private: bool
    categories: tuple[str, ...]


def read_panel(products: Path, transactions: Path) -> list[Good]:
    """Every article whose package has a size in ounces, with the median price of one."""
    table = pq.read_table(transactions, columns=["product_id", "quantity", "sales_value"])
    table = table.filter(
        pc.and_(pc.greater(table["quantity"], 0), pc.greater(table["sales_value"], 0))
    )
    paid = pc.divide(table["sales_value"], table["quantity"])
    grouped = (
        table.append_column("paid", paid)
        .group_by("product_id")
        .aggregate([("paid", "approximate_median")])
    )
    prices = dict(
        zip(
            grouped["product_id"].to_pylist(),
            grouped["paid_approximate_median"].to_pylist(),
            strict=True,
        )
    )
    goods = []
    for row in pq.read_table(products).to_pylist():
        size = parse_size(row["package_size"] or "")
        dollars = prices.get(row["product_id"])
        if size is None or not dollars or not row["product_category"]:
            continue
        amount = size.pack * Fraction(size.amount_thousandths, 1000) * UNITS[size.unit].factor
        if UNITS[size.unit].dimension == "count":
            continue
        goods.append(
            Good(
                category=row["product_category"],
                kind=row["product_type"] or "",
                is_private=row["brand"] == "Private",
                amount=float(amount),
                cents=dollars * 100,
            )
        )
    return goods


class PanelPrices:
    """Estimates a price from what people paid for like goods."""

    def __init__(self, goods: Sequence[Good]) -> None:
        self._goods: defaultdict[tuple[str, str], list[Good]] = defaultdict(list)
        for good in goods:
            self._goods[good.category, good.kind].append(good)
        self._kinds: dict[tuple[str, ...], tuple[list[tuple[str, str]], Nearest]] = {}

    def like(self, name: frozenset[str], package: Package) -> float | None:
        """The cents for goods of a like kind and size; None where too few speak of it."""
        kinds, nearest = self._of(package.categories)
        near = [pair for pair in nearest.to(name, most=_KINDS) if pair[0] >= _LIKE]
        return self._median([kinds[number] for _, number in near], package)

    def of_category(self, package: Package) -> float | None:
        """The cents for anything of the first category and like size; None where too few are."""
        kinds, _ = self._of(package.categories[:1])
        return self._median(kinds, package)

    def _median(self, kinds: Sequence[tuple[str, str]], package: Package) -> float | None:
        alike = [
            good
            for kind in kinds
            for good in self._goods[kind]
            if 1 / _SIZE_RATIO <= float(good.amount) / float(package.amount) <= _SIZE_RATIO
        ]
        same_tier = [good for good in alike if good.is_private == package.is_private]
        chosen = same_tier if len(same_tier) >= _LEAST_GOODS else alike
        if len(chosen) < _LEAST_GOODS:
            return None
        return median(good.cents / float(good.amount) for good in chosen) * float(package.amount)

    def _of(self, categories: tuple[str, ...]) -> tuple[list[tuple[str, str]], Nearest]:
        if categories not in self._kinds:
            kinds = sorted(key for key in self._goods if key[0] in categories)
            self._kinds[categories] = kinds, Nearest([words(kind) for _, kind in kinds])
        return self._kinds[categories]
