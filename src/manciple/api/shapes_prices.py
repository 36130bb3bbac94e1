"""Prices that were seen, on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.api.ids import ProductId
from manciple.api.shapes_products import PriceShape, price_shape
from manciple.grocery.actions.observe_prices import MAX_OBSERVATIONS
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.price_days import PriceDay
from manciple.grocery.domain.price_statistics import PriceStatistics
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import UnitPrice, size_text, total, unit_price
from manciple.platform.rpc.procedure import Wire

# Three years of two sources.
MAX_DAYS = 2_000

ProductIds = Annotated[
    tuple[str, ...],
    Meta(
        min_length=1,
        max_length=100,
        description="The `productId` of each, as `search` gives it.",
    ),
]
Days = Annotated[
    int, Meta(ge=1, le=3650, description="How many days to look back; null: all that was seen.")
]
SeenAt = Annotated[
    datetime, Meta(tz=True, description="As ISO 8601 with an offset or `Z`; null stands for now.")
]


class CurrentPrice(Wire, frozen=True, kw_only=True):
    """A product's newest price; where `price` is null, `priceMissing` says why."""

    product_id: str
    name: str
    current_price: Decimal | None
    price: PriceShape | None
    price_missing: str | None
    unit_price: str | None
    in_stock: bool | None


class ManyPrices(Wire, frozen=True, kw_only=True):
    """The newest prices, in the order asked for; `unknown` are ids of no product."""

    prices: tuple[CurrentPrice, ...]
    unknown: tuple[str, ...]


class PriceDayShape(Wire, frozen=True, kw_only=True):
    """What one source said of a price on one day (UTC): its range, and how often it looked."""

    day: str
    looks: int
    low: Decimal
    median: Decimal
    high: Decimal
    last: PriceShape
    size: str | None


class PriceHistoryAnswer(Wire, frozen=True, kw_only=True):
    """What was seen of one product, newest first.

    `observations` are single looks; older ones are kept by the day, and `days` has all of them.
    """

    product_id: str
    observations: tuple[PriceShape, ...]
    days: tuple[PriceDayShape, ...]


class PriceFigures(Wire, frozen=True, kw_only=True):
    """Figures over all looks; `low` and `high` are the 10th and 90th percentiles.

    `lowest` and `highest` are the prices of all time with who stated them; `sources` are all who
    were heard. `cheaperPercent` says how many percent of the looks were dearer than the newest;
    null while there are too few to say.
    """

    count: int
    currency: str
    sources: tuple[str, ...]
    newest: Decimal
    least: Decimal
    most: Decimal
    mean: Decimal
    median: Decimal
    low: Decimal
    high: Decimal
    first_at: datetime
    last_at: datetime
    cheaper_percent: int | None
    stated: PriceShape
    lowest: PriceShape
    highest: PriceShape


class StatisticsAnswer(Wire, frozen=True, kw_only=True):
    """The figures of one product; null where no price was ever seen."""

    product_id: str
    figures: PriceFigures | None


class ComparedPrice(Wire, frozen=True, kw_only=True):
    """A product's price for one base amount; `rank` 1 is the cheapest that compares.

    `stated` says who said the price; `rank` is null where no unit price is known, or it is of
    another kind than the first's.
    """

    product_id: str
    name: str
    price: Decimal | None
    stated: PriceShape | None
    unit_price: str | None
    rank: int | None


class CompareAnswer(Wire, frozen=True, kw_only=True):
    """The products by unit price, the cheapest first; what does not compare comes last."""

    products: tuple[ComparedPrice, ...]
    unknown: tuple[str, ...]


class RecordAnswer(Wire, frozen=True, kw_only=True):
    """The product's price after the observation; `isNewPrice` if it is another now."""

    success: bool
    is_new_price: bool
    product: CurrentPrice


class ProductInput(Wire, frozen=True, kw_only=True):
    """Which product."""

    product_id: ProductId


class ProductsInput(Wire, frozen=True, kw_only=True):
    """Which products."""

    product_ids: ProductIds


class PriceHistoryInput(ProductInput, frozen=True, kw_only=True):
    """Which product, how far back, and how many at most."""

    days: Days | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_OBSERVATIONS)] = 100


class StatisticsInput(ProductInput, frozen=True, kw_only=True):
    """Which product, and how far back."""

    days: Days | None = None


class RecordInput(ProductInput, frozen=True, kw_only=True):
    """What a shelf label said; where and when, if you know."""

    price: Annotated[Decimal, Meta(description="Of one package, in dollars.")]
    store: Annotated[
        str | None, Meta(description="Which store, in your own words; null: not known.")
    ] = None
    observed_at: SeenAt | None = None


def current_price(product: Product) -> CurrentPrice:
    """A product's newest price as clients see it."""
    each = _each(product)
    return CurrentPrice(
        product_id=product.product_id,
        name=product.name,
        current_price=dollars(product.price.cents) if product.price else None,
        price=price_shape(product.price) if product.price else None,
        price_missing=product.price_missing,
        unit_price=each.text if each else None,
        in_stock=product.in_stock,
    )


def _each(product: Product) -> UnitPrice | None:
    if product.price is None or product.size is None:
        return None
    return unit_price(product.price.cents, product.size)


def price_figures(found: PriceStatistics) -> PriceFigures:
    """What is usual, in dollars."""
    return PriceFigures(
        count=found.count,
        currency=found.currency,
        sources=found.sources,
        newest=dollars(found.newest.cents),
        least=dollars(found.least.cents),
        most=dollars(found.most.cents),
        mean=dollars(found.mean_cents),
        median=dollars(found.median_cents),
        low=dollars(found.low_cents),
        high=dollars(found.high_cents),
        first_at=found.first_at,
        last_at=found.last_at,
        cheaper_percent=found.cheaper_percent,
        stated=price_shape(found.newest),
        lowest=price_shape(found.least),
        highest=price_shape(found.most),
    )


def price_day(day: PriceDay) -> PriceDayShape:
    """A day of looks, in dollars."""
    return PriceDayShape(
        day=day.day.isoformat(),
        looks=day.count,
        low=dollars(day.low.cents),
        median=dollars(day.median_cents),
        high=dollars(day.high.cents),
        last=price_shape(day.last),
        size=size_text(day.size) if day.size else None,
    )


def compared_prices(products: list[Product]) -> tuple[ComparedPrice, ...]:
    """By unit price, of the kind (mass, volume or count) that the first priced product has."""
    eaches = {one.product_id: _each(one) for one in products}
    kinds = {one.product_id: total(one.size).dimension for one in products if one.size}
    first = next((kinds[one.product_id] for one in products if eaches[one.product_id]), None)
    comparable = sorted(
        (one for one in products if eaches[one.product_id] and kinds[one.product_id] is first),
        key=lambda one: _thousandths(eaches[one.product_id]),
    )
    rest = [one for one in products if one not in comparable]
    ranks = {one.product_id: rank for rank, one in enumerate(comparable, start=1)}
    return tuple(
        ComparedPrice(
            product_id=one.product_id,
            name=one.name,
            price=dollars(one.price.cents) if one.price else None,
            stated=price_shape(one.price) if one.price else None,
            unit_price=each.text if (each := eaches[one.product_id]) else None,
            rank=ranks.get(one.product_id),
        )
        for one in (*comparable, *rest)
    )


def _thousandths(each: UnitPrice | None) -> int:
    return each.cents_thousandths if each is not None else 0
