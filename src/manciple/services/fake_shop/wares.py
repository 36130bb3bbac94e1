"""The wares of the fake shop: the names of the bundled shelf; its prices are the market's own."""

from collections.abc import Iterator

from manciple.grocery.connectors.shelf import BundledShelf
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import Dimension, total
from manciple.services.fake_shop.market import Ware

_GRAMS_PER_OUNCE = 28.349523125


def bundled_wares() -> Iterator[Ware]:
    """Every product of the bundled shelf as a ware."""
    for product in BundledShelf().products():
        yield Ware(
            product_id=product.product_id,
            name=product.name,
            brand=product.brand,
            category=product.category_path,
            ounces=_ounces(product),
        )


def _ounces(product: Product) -> float | None:
    if product.size is None:
        return None
    held = total(product.size)
    is_mass = held.dimension is Dimension.MASS and held.amount
    return float(held.amount) / _GRAMS_PER_OUNCE if is_mass else None
