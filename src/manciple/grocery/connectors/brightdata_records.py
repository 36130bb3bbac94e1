"""Records of Bright Data's Walmart dataset as products, and as inputs that yielded none. Pure."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from manciple.grocery.connectors.loose_json import (
    at,
    boolean,
    decode,
    identifier,
    number,
    shape,
    text,
)
from manciple.grocery.connectors.shown_statements import Stated, clear
from manciple.grocery.domain.claims import stated_claims
from manciple.grocery.domain.collected import Collected, RefusedInput
from manciple.grocery.domain.price_grammar import Reading, ReadPrice
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import parse_size
from manciple.kit.errors import Upstream

SOURCE = "brightdata"
# The code, among the service's own, of a record that cannot be read.
STRANGE = "unknown_shape"
# What a collector saw on the shop's own page a moment ago.
_CONFIDENCE = 0.95
_NO_PRICE = "the record has no price"


def collected(records: Any, now: datetime) -> Collected:
    """The products of a job's records, with what yielded none: each record is paid for.

    Raises:
        Upstream: no records, or none that is of a known shape.
    """
    if not isinstance(records, list):
        raise Upstream(SOURCE, f"expected records, not {shape(records)}")
    products, refused = [], []
    strange: Upstream | None = None
    for record in records:
        if at(record, "error_code") is not None or at(record, "error") is not None:
            refused.append(_refused(record))
            continue
        try:
            products.append(_product(record, now))
        except Upstream as error:
            strange = strange or error
            refused.append(RefusedInput(given=_given(record), error=error.problem, code=STRANGE))
    if strange is not None and not products:
        raise strange
    return Collected(products=tuple(products), refused=tuple(refused))


def _refused(record: Any) -> RefusedInput:
    return RefusedInput(
        given=_given(record),
        error=text(record, "error") or "unknown",
        code=text(record, "error_code") or "unknown",
    )


def _given(record: Any) -> str:
    given = at(record, "input")
    said = next(iter(given.values()), "") if isinstance(given, dict) else text(record, "url")
    return str(said or "")[:200]


def _product(record: Any, now: datetime) -> Product:
    """A record as a product.

    Raises:
        Upstream: the record has not even an id and a name, or no field for a price at all.
    """
    product_id, name = identifier(record, "product_id"), text(record, "product_name")
    if product_id is None or name is None or "final_price" not in record:
        raise Upstream(SOURCE, f"a record of unknown shape: {shape(record)}")
    told = clear(at(record, "final_price"))
    price = _price(told, record, now)
    return Product(
        product_id=product_id,
        name=name,
        brand=text(record, "brand"),
        category_path=_path(record),
        size=parse_size(name),
        price=price,
        price_missing=None if price else (told if isinstance(told, str) else _NO_PRICE),
        in_stock=_in_stock(record),
        rating=_float(number(record, "rating")),
        review_count=_int(number(record, "review_count")),
        image_url=text(record, "main_image"),
        product_url=text(record, "url"),
        claims=stated_claims(name),
        source=SOURCE,
        updated_at=now,
    )


def _price(told: Stated, record: Any, now: datetime) -> Price | None:
    if not isinstance(told, ReadPrice) or told.reading is not Reading.EACH or not told.cents:
        return None
    return Price(
        cents=told.cents,
        currency=text(record, "currency") or "USD",
        source=SOURCE,
        method="collected from the product's page",
        observed_at=_instant(text(record, "timestamp")) or now,
        confidence=_CONFIDENCE,
    )


def _in_stock(record: Any) -> bool | None:
    """There is no flag for stock: what can be had in any way is there."""
    ways = [boolean(record, f"available_for_{way}") for way in ("delivery", "pickup")]
    known = [way for way in ways if way is not None]
    return any(known) if known else None


def _path(record: Any) -> tuple[str, ...]:
    steps = at(record, "categories")
    if isinstance(steps, str):
        # List columns come as JSON in texts when the export went through CSV.
        try:
            steps = decode(steps, source=SOURCE)
        except Upstream:
            return ()
    return tuple(step for step in steps if isinstance(step, str)) if isinstance(steps, list) else ()


def _instant(stated: str | None) -> datetime | None:
    try:
        said = datetime.fromisoformat(stated) if stated else None
    except ValueError:
        return None
    return said and (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _int(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
