"""Products and their prices, as the house knows them."""

from datetime import datetime

import msgspec

from manciple.grocery.domain.units import Size


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """A price somebody really stated or that was estimated in a stated way.

    `source` says who ("shelf", "walmart-page", …) and `method` how it was come by; `confidence`
    is from 0 to 1. `store` is None where the price is not bound to one.
    """

    cents: int
    currency: str = "USD"
    source: str
    method: str
    observed_at: datetime
    store: str | None = None
    confidence: float


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One product that a shop sells, by the shop's own item id.

    `category_path` goes from the broad to the narrow. `claims` holds what the product states of
    itself (`gluten_free`); what is not stated is unknown. Where `price` is None, `price_missing`
    says why. `processing` is the degree of food processing from 0 to 1 (GroceryDB's FPro).
    """

    product_id: str
    name: str
    brand: str | None = None
    description: str | None = None
    category_path: tuple[str, ...] = ()
    size: Size | None = None
    price: Price | None = None
    price_missing: str | None = None
    in_stock: bool | None = None
    rating: float | None = None
    review_count: int | None = None
    image_url: str | None = None
    product_url: str | None = None
    gtin: str | None = None
    claims: tuple[str, ...] = ()
    ingredients: str | None = None
    processing: float | None = None
    source: str
    updated_at: datetime
