"""Databases and products for tests of what is remembered."""

from datetime import UTC, datetime

from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import Size

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def a_price(cents: int = 348, *, at: datetime = NOON, source: str = "shelf") -> Price:
    return Price(cents=cents, source=source, method="stated", observed_at=at, confidence=0.5)


def a_full_product(product_id: str = "10450115", **changes: object) -> Product:
    full: dict[str, object] = {
        "product_id": product_id,
        "name": "Great Value Whole Milk, 1 gal",
        "brand": "Great Value",
        "description": "Milk, whole",
        "category_path": ("Dairy & Eggs", "Milk"),
        "size": Size(pack=2, amount_thousandths=1000, unit="GLL", pieces=3, most_thousandths=1500),
        "price": a_price(),
        "in_stock": True,
        "rating": 4.5,
        "review_count": 12,
        "image_url": "https://example.com/milk.png",
        "product_url": "https://example.com/milk",
        "gtin": "0078742046525",
        "claims": ("gluten_free", "organic"),
        "ingredients": "Milk",
        "processing": 0.25,
        "source": "shelf",
        "updated_at": NOON,
    }
    return Product(**{**full, **changes})  # type: ignore[arg-type]  # fields by name
