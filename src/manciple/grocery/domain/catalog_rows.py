"""Reads a product out of one row of somebody's own catalog, and says everything wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import Any

from manciple.grocery.domain.catalogs import CatalogRow
from manciple.grocery.domain.claims import stated_claims
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import parse_size
from manciple.kit.errors import Problem

# Each field with the names that other catalogs call it by.
FIELDS: dict[str, tuple[str, ...]] = {
    "product_id": ("product_id", "id", "us_item_id", "sku", "item_id"),
    "name": ("name", "product_name", "title"),
    "brand": ("brand",),
    "description": ("description",),
    "category": ("category", "category_path"),
    "size": ("size", "package_size"),
    "price": ("price", "current_price"),
    "currency": ("currency",),
    "observed_at": ("observed_at", "price_observed_at"),
    "in_stock": ("in_stock",),
    "rating": ("rating",),
    "review_count": ("review_count", "reviews_count"),
    "image_url": ("image_url",),
    "product_url": ("product_url", "url"),
    "gtin": ("gtin", "upc", "barcode", "ean"),
    "ingredients": ("ingredients",),
}
SOURCE = "import"

_FIELD_OF = {
    name: (rank, field) for field, names in FIELDS.items() for rank, name in enumerate(names)
}

_MOST_CHARS = 5000
_MOST_CENTS = 100_000_000
_ID = re.compile(r"[\w.:-]{1,64}")
_YES = frozenset({"1", "true", "yes", "y", "in_stock"})
_NO = frozenset({"0", "false", "no", "n", "out_of_stock"})
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def read_row(line: int, row: Mapping[str, Any], *, stated_at: datetime) -> CatalogRow:
    """The product that a row describes, or all that is wrong with it.

    `stated_at` is when prices count as observed where the row does not say it.
    """
    reader = _Reader(row)
    name = reader.read("name", _required, None) or ""
    product = Product(
        product_id=reader.read("product_id", _product_id, None) or "",
        name=name,
        brand=reader.read("brand", str, None),
        description=reader.read("description", str, None),
        category_path=reader.read("category", _path, ()),
        size=parse_size(reader.read("size", str, None) or name),
        price=_price(reader, stated_at),
        price_missing=None if reader.has("price") else "the imported catalog states none",
        in_stock=reader.read("in_stock", _boolean, None),
        rating=reader.read("rating", _rating, None),
        review_count=reader.read("review_count", _count, None),
        image_url=reader.read("image_url", _url, None),
        product_url=reader.read("product_url", _url, None),
        gtin=reader.read("gtin", _gtin, None),
        claims=stated_claims(name),
        ingredients=reader.read("ingredients", str, None),
        source=SOURCE,
        updated_at=stated_at,
    )
    for needed in ("product_id", "name"):
        if not reader.has(needed):
            reader.problems.append(Problem((needed,), "is missing"))
    if reader.problems:
        return CatalogRow(line=line, problems=tuple(reader.problems))
    return CatalogRow(line=line, product=product)


class _Reader:
    """The fields of one row, and what is wrong with them."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._texts: dict[str, str] = {}
        for field, value in _in_order(row):
            text = _text(value)
            if text:
                self._texts.setdefault(field, text)
        self.problems: list[Problem] = []

    def has(self, field: str) -> bool:
        return field in self._texts

    def read(self, field: str, convert: Callable[[str], Any], empty: Any) -> Any:
        """The field converted; `empty` where it is not there or wrong."""
        text = self._texts.get(field)
        if text is None:
            return empty
        if len(text) > _MOST_CHARS:
            self.problems.append(Problem((field,), f"is longer than {_MOST_CHARS} characters"))
            return empty
        try:
            return convert(text)
        except ValueError as error:
            self.problems.append(Problem((field,), f"{error}: {text[:40]!r}"))
            return empty


def _in_order(row: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The row's values by the names of our fields; the better of two columns for one first."""
    known = [(*_FIELD_OF[name], value) for name, value in row.items() if name in _FIELD_OF]
    known.sort(key=itemgetter(0))
    return ((field, value) for _, field, value in known)


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return " > ".join(_text(part) for part in value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else " ".join(str(value).split())


def _price(reader: _Reader, stated_at: datetime) -> Price | None:
    cents = reader.read("price", _cents, None)
    currency = reader.read("currency", _currency, "USD")
    observed_at = reader.read("observed_at", _instant, stated_at)
    if cents is None:
        return None
    return Price(
        cents=cents,
        currency=currency,
        source=SOURCE,
        method="stated in an imported catalog",
        observed_at=observed_at,
        confidence=1.0,
    )


def _product_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError("must be 1 to 64 letters, digits, dots, dashes or colons")
    return text


def _required(text: str) -> str:
    return text


def _path(text: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in text.split(">")) if part)


def _cents(text: str) -> int:
    try:
        cents = Decimal(text.removeprefix("$")).scaleb(2)
    except InvalidOperation:
        raise ValueError("is no amount of money") from None
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise ValueError("is not in whole cents")
    if not 0 <= cents <= _MOST_CENTS:
        raise ValueError("must be from 0 to 1,000,000")
    return int(cents)


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError("is no ISO 4217 code")
    return text


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no ISO 8601 date") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _boolean(text: str) -> bool:
    word = text.lower().replace(" ", "_")
    if word not in _YES | _NO:
        raise ValueError("is neither yes nor no")
    return word in _YES


def _rating(text: str) -> float:
    try:
        rating = float(text)
    except ValueError:
        raise ValueError("is no number") from None
    if not 0 <= rating <= 5:  # noqa: PLR2004 - five stars
        raise ValueError("must be from 0 to 5")
    return rating


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError("is no whole number")
    return int(text)


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://\S+", text):
        raise ValueError("must start with http:// or https://")
    return text


def _gtin(text: str) -> str:
    """A barcode whose check digit is right (GS1: weights 3 and 1 from the right)."""
    if not text.isascii() or not text.isdigit() or len(text) not in _GTIN_LENGTHS:
        raise ValueError("must have 8, 12, 13 or 14 digits")
    weighed = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(text)))
    if weighed % 10:
        raise ValueError("has a wrong check digit")
    return text
