"""A household to talk to: a small shelf, a few orders, and the scripts that are talked through."""

import tomllib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from manciple.grocery.domain.orders import Order, OrderLine, OrderTotals
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import Size
from manciple.grocery.stores.stores import Transaction

HERE = Path(__file__).parent
SEEN = datetime(2026, 1, 2, tzinfo=UTC)
ORDERED = datetime(2025, 12, 20, tzinfo=UTC)

# id | name | brand | category | price in cents, if known | size
_ROWS = """
100001 | Great Value Whole Milk, 1 gal | Great Value | Dairy & Eggs > Milk | 348 | 1 GLL
100002 | Horizon Organic Whole Milk, 0.5 gal | Horizon | Dairy & Eggs > Milk | 498 | 0.5 GLL
100003 | Oatly Oat Milk, 64 fl oz | Oatly | Dairy & Eggs > Milk | 399 | 64 OZA
100004 | Silk Unsweetened Almond Milk, 64 fl oz | Silk | Dairy & Eggs > Milk | 329 | 64 OZA
100005 | Great Value Large White Eggs, 12 count | Great Value | Dairy & Eggs > Eggs | 288 | 12 C62
100006 | Wonder Classic White Bread, 20 oz | Wonder | Bakery > Sliced Bread | 297 | 20 ONZ
100007 | Barilla Spaghetti Pasta, 16 oz | Barilla | Pantry > Pasta | 184 | 16 ONZ
100008 | Banza Gluten Free Chickpea Rotini Pasta, 8 oz | Banza | Pantry > Pasta | 347 | 8 ONZ
100009 | Folgers Classic Roast Ground Coffee, 30 oz | Folgers | Coffee & Creamers | 1284 | 30 ONZ
100010 | Tropicana Orange Juice, 52 fl oz | Tropicana | Juice | 398 | 52 OZA
100011 | Mott's Apple Juice, 64 fl oz | Mott's | Juice | 312 | 64 OZA
100012 | Lay's Classic Potato Chips, 8 oz | Lay's | Snacks > Chips | 399 | 8 ONZ
100013 | Honey Nut Cheerios Cereal, 18.8 oz | Cheerios | Cereal | 493 | 18.8 ONZ
100014 | Great Value Cheddar Cheese, 8 oz | Great Value | Cheese |  | 8 ONZ
100015 | Kellogg's Corn Flakes Cereal, 12 oz | Kellogg's | Cereal | 398 | 12 ONZ
"""


def furnish(tx: Transaction) -> None:
    """The shelf in place."""
    tx.products.upsert_many([_product(row) for row in _ROWS.strip().splitlines()])


def remember_orders(tx: Transaction, owner: str) -> None:
    """Four weekly orders: always milk, sometimes more; prices as they were paid."""
    tx.users.ensure(owner, display_name=owner)
    tx.orders.save_many(owner, [_order(week) for week in range(4)])


def scripts() -> list[Path]:
    """Every script of a conversation."""
    return sorted(HERE.glob("*.toml"))


def script(path: Path) -> dict[str, Any]:
    """A script: `orders` says whether there are any, and `turn` what is said and expected."""
    return tomllib.loads(path.read_text())


def _product(row: str) -> Product:
    product_id, name, brand, path, cents, size = (cell.strip() for cell in row.split("|"))
    amount, unit = size.split()
    price = None
    if cents:
        price = Price(
            cents=int(cents), source="shelf", method="stated", observed_at=SEEN, confidence=1.0
        )
    return Product(
        product_id=product_id,
        name=name,
        brand=brand,
        category_path=tuple(path.split(" > ")),
        size=Size(amount_thousandths=int(Decimal(amount) * 1000), unit=unit),
        price=price,
        source="test",
        updated_at=SEEN,
    )


def _order(week: int) -> Order:
    lines = [
        ("100001", "Great Value Whole Milk, 1 gal", 338),
        ("100006", "Wonder Classic White Bread, 20 oz", 297),
    ]
    if week % 2 == 0:
        lines.append(("100009", "Folgers Classic Roast Ground Coffee, 30 oz", 1199))
    total = sum(cents for _, _, cents in lines)
    return Order(
        order_id=f"2000{week}",
        ordered_at=ORDERED - timedelta(days=7 * week),
        status="Delivered",
        lines=tuple(
            OrderLine(
                name=name,
                product_id=id_,
                quantity_thousandths=1000,
                total_cents=cents,
                unit_price_cents=cents,
            )
            for id_, name, cents in lines
        ),
        totals=OrderTotals(grand_total_cents=total),
        source="test",
    )
