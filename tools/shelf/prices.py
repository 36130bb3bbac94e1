"""Sample prices: estimated in a stated way, checked against each other, or honestly missing.

1. dollars per kilocalorie of the very product (GroceryDB, 2021) × its package's energy, from foods
   of a like name or, failing that, the median of its category;
2. where that cannot be had, the median of like goods in a panel of receipts.

A confidence is measured: how many estimates made that way came within a quarter of the figure that
they can be held against (`Estimator.confidence`). That prices rose since is not in it.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from manciple.grocery.domain.units import UNITS, Size
from tools.shelf.categories import CATEGORIES
from tools.shelf.energy import MOST_KCAL_OF_A_DRINK, Energy, EnergyTable, is_dry
from tools.shelf.panel import Package, PanelPrices
from tools.shelf.words import words

PRIVATE_BRANDS = frozenset(
    (
        "Great Value",
        "Marketside",
        "Freshness Guaranteed",
        "Sam's Choice",
        "Equate",
        "Parent's Choice",
    )
)
LIKE_NAME = "kcal-like-name"
CATEGORY = "kcal-category"
PANEL = "panel"
PANEL_CATEGORY = "panel-category"

NO_SIZE = "the name states no weight or volume"
NO_FIGURE = "too little is known of it or of like goods to estimate one"
IMPLAUSIBLE = "the estimate was implausible beside like products"

# No packaged grocery of this shelf costs less, and none more.
_LEAST_CENTS = 25
_MOST_CENTS = 6000
# A unit price this many robust deviations from its category's median is taken for an error in the
# data; never one within a factor of 2.5, for goods of one category differ that much, and always one
# beyond a factor of 4, however wild the category.
_DEVIATIONS = 3.5
_FREE_FACTOR = math.log(2.5)
_FAR_FACTOR = math.log(4)
# Two independent estimates this far apart: one is wrong, and we cannot say which.
_CONTRADICTION = 3.0
_NEAR = 0.25
# A category may speak for a product where so many of its own are known, and where such a share of
# them is met within a quarter; elsewhere a price would be a guess.
_LEAST_KNOWN = 8
_LEAST_SHARE = {CATEGORY: 0.4, PANEL: 0.0, PANEL_CATEGORY: 0.2}
# Nor is a package this many times dearer or cheaper than its category's median believed.
_FAR_PRICE = 8.0


@dataclass(frozen=True, slots=True)
class Item:
    """What an estimate is made from."""

    product_id: str
    name: str
    brand: str
    category: str
    dollars_per_kcal: float | None
    size: Size | None

    @property
    def grams(self) -> Fraction | None:
        """How much the package holds, volumes weighed by the category's density."""
        if self.size is None or UNITS[self.size.unit].dimension == "count":
            return None
        unit = UNITS[self.size.unit]
        amount = self.size.pack * Fraction(self.size.amount_thousandths, 1000) * unit.factor
        return amount * CATEGORIES[self.category].density if unit.dimension == "volume" else amount


@dataclass(frozen=True, slots=True)
class Estimate:
    """A price and how it was made; `cents` is None where `missing` says why."""

    cents: int | None = None
    method: str = ""
    confidence: float = 0.0
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Usual:
    """Of a category: median price, logarithm of the median cents a gram, how far is too far."""

    cents: float
    log_rate: float
    reach: float


class Estimator:
    """Estimates the price of every item of a shelf."""

    def __init__(self, items: Sequence[Item], energy: EnergyTable, panel: PanelPrices) -> None:
        self._items = items
        self._names = {item.product_id: words(item.name, without=item.brand) for item in items}
        self._kcal = {
            item.product_id: found.kcal_per_100g
            for item in items
            if (found := self._like(item, energy)) is not None
        }
        self._category_kcal = self._medians()
        self._ways: dict[str, Callable[[Item], float | None]] = {
            LIKE_NAME: lambda item: _from_energy(item, self._kcal.get(item.product_id)),
            CATEGORY: lambda item: _from_energy(item, self._category_kcal.get(self._kind(item))),
            PANEL: lambda item: _from_panel(item, panel, name=self._names[item.product_id]),
            PANEL_CATEGORY: lambda item: _from_panel(item, panel, name=None),
        }
        self._made = {
            item.product_id: {way: make(item) for way, make in self._ways.items()} for item in items
        }
        errors = energy.errors()
        self._like_name_share = sum(error <= _NEAR for error in errors) / max(len(errors), 1)
        self._shares = self._measured()
        self._usual = self._usual_rates()

    def estimates(self) -> dict[str, Estimate]:
        """Each item's estimate by its id."""
        return {item.product_id: self._settled(item) for item in self._items}

    def _like(self, item: Item, energy: EnergyTable) -> Energy | None:
        name = self._names[item.product_id]
        is_drink = CATEGORIES[item.category].are_drinks and not is_dry(name)
        return energy.like(name, most_kcal=MOST_KCAL_OF_A_DRINK if is_drink else math.inf)

    def _kind(self, item: Item) -> tuple[str, bool]:
        return item.category, is_dry(self._names[item.product_id])

    def _medians(self) -> dict[tuple[str, bool], float]:
        found: defaultdict[tuple[str, bool], list[float]] = defaultdict(list)
        for item in self._items:
            if item.product_id in self._kcal:
                found[self._kind(item)].append(self._kcal[item.product_id])
        return {kind: median(kcal) for kind, kcal in found.items() if len(kcal) >= _LEAST_KNOWN}

    def _measured(self) -> dict[tuple[str, tuple[str, bool] | None], float]:
        """For each way and kind the share of estimates within a quarter of the like-name one.

        The kind None stands for all together.
        """
        pairs: defaultdict[tuple[str, tuple[str, bool] | None], list[tuple[float, float]]]
        pairs = defaultdict(list)
        for item in self._items:
            made = self._made[item.product_id]
            best = made[LIKE_NAME]
            for way in (CATEGORY, PANEL, PANEL_CATEGORY):
                rough = made[way]
                if rough is not None and best is not None:
                    pairs[way, self._kind(item)].append((rough, best))
                    pairs[way, None].append((rough, best))
        return {key: _share(found) for key, found in pairs.items() if len(found) >= _LEAST_KNOWN}

    def confidence(self, way: str, item: Item) -> float:
        """How likely an estimate is within a quarter of the truth, as far as was measured.

        For the like-name way, the share of foods that it met when they were left out. For the
        others, the share that met the like-name estimate, times that; where a kind is too rare,
        the share of all kinds.
        """
        if way == LIKE_NAME:
            return self._like_name_share
        return self._share_of(way, item) * self._like_name_share

    def _share_of(self, way: str, item: Item) -> float:
        return self._shares.get((way, self._kind(item)), self._shares.get((way, None), 0.0))

    def _settled(self, item: Item) -> Estimate:
        if item.grams is None:
            return Estimate(missing=NO_SIZE)
        way, cents = self._best(item)
        if cents is None:
            return Estimate(missing=NO_FIGURE)
        receipts = self._made[item.product_id][PANEL]
        if _is_plausible(item, cents, self._usual) and _agree(cents, receipts):
            return Estimate(round(cents), way, round(self.confidence(way, item), 2))
        return Estimate(missing=IMPLAUSIBLE)

    def _best(self, item: Item) -> tuple[str, float | None]:
        for way, cents in self._made[item.product_id].items():
            if cents is None:
                continue
            if way == LIKE_NAME or self._share_of(way, item) >= _LEAST_SHARE[way]:
                return way, cents
        return "", None

    def _usual_rates(self) -> dict[str, Usual]:
        """What is usual in each category."""
        found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        for item in self._items:
            _, cents = self._best(item)
            if cents and item.grams:
                found[item.category].append((cents, math.log(cents / float(item.grams))))
        return {category: _usual(pairs) for category, pairs in found.items()}


def _from_energy(item: Item, kcal_per_100g: float | None) -> float | None:
    if item.grams is None or item.dollars_per_kcal is None or kcal_per_100g is None:
        return None
    # Dollars a kilocalorie × kilocalories in 100 g × grams: the two hundreds cancel into cents.
    return item.dollars_per_kcal * kcal_per_100g * float(item.grams)


def _from_panel(item: Item, panel: PanelPrices, *, name: frozenset[str] | None) -> float | None:
    category = CATEGORIES[item.category]
    if item.grams is None:
        return None
    package = Package(
        # The panel calls fluid ounces ounces too, so its amounts are not weighed.
        amount=item.grams / category.density if _is_volume(item) else item.grams,
        is_private=item.brand in PRIVATE_BRANDS,
        categories=category.panel,
    )
    return panel.of_category(package) if name is None else panel.like(name, package)


def _is_volume(item: Item) -> bool:
    return item.size is not None and UNITS[item.size.unit].dimension == "volume"


def _usual(found: Sequence[tuple[float, float]]) -> Usual:
    middle = median(rate for _, rate in found)
    # 1.4826: makes the median deviation comparable to a standard deviation.
    deviation = 1.4826 * median(abs(rate - middle) for _, rate in found)
    reach = min(max(_FREE_FACTOR, _DEVIATIONS * deviation), _FAR_FACTOR)
    return Usual(median(cents for cents, _ in found), middle, reach)


def _is_plausible(item: Item, cents: float, usual: Mapping[str, Usual]) -> bool:
    if not _LEAST_CENTS <= cents <= _MOST_CENTS or not item.grams:
        return False
    here = usual[item.category]
    if not 1 / _FAR_PRICE <= cents / here.cents <= _FAR_PRICE:
        return False
    return abs(math.log(cents / float(item.grams)) - here.log_rate) <= here.reach


def _agree(cents: float, receipts: float | None) -> bool:
    return receipts is None or 1 / _CONTRADICTION <= cents / receipts <= _CONTRADICTION


def _share(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(abs(one / other - 1) <= _NEAR for one, other in pairs) / max(len(pairs), 1)
