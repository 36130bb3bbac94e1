"""What the index keeps of a product: its name understood, and what filters and sorts read."""

from typing import Any

import msgspec

from manciple.grocery.domain.product_names import ParsedName, parse_name
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import unit_price


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One product as searching sees it.

    `unit_cents_thousandths` compares only among equal `unit` texts.
    """

    product_id: str
    name: ParsedName
    brand: str | None
    category_path: tuple[str, ...]
    price_cents: int | None
    unit_cents_thousandths: int | None
    unit: str | None
    in_stock: bool | None
    rating: float | None


def card_of(product: Product) -> Card:
    """The product's card; parsing its name is the costly part, well below a millisecond."""
    category = product.category_path[-1] if product.category_path else None
    name = parse_name(product.name, brand=product.brand, category=category, size=product.size)
    if product.claims:
        name = msgspec.structs.replace(name, claims=name.claims | frozenset(product.claims))
    cents = product.price.cents if product.price else None
    each = unit_price(cents, name.size) if cents is not None and name.size is not None else None
    return Card(
        product_id=product.product_id,
        name=name,
        brand=product.brand,
        category_path=product.category_path,
        price_cents=cents,
        unit_cents_thousandths=each.cents_thousandths if each else None,
        unit=f"{each.per} {each.unit}" if each else None,
        in_stock=product.in_stock,
        rating=product.rating,
    )


_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Card)


def packed(card: Card) -> str:
    """The card as text, to be stored."""
    return _ENCODER.encode(card).decode()


def unpacked(text: str) -> Card:
    """The card out of its text."""
    card: Card = _DECODER.decode(text)
    return card
