"""Products on the wire; every price says where it comes from."""

from datetime import datetime
from decimal import Decimal

from manciple.api.amounts import Quantity
from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import Size, size_text, unit_price
from manciple.platform.rpc.procedure import Wire


class PriceShape(Wire, frozen=True, kw_only=True):
    """A price with its provenance.

    `source` says who stated it, `method` how it was come by, `confidence` (0 to 1) how sure it is;
    a `sample` is no offer: it stands in where no live source is set up.
    """

    amount: Decimal
    currency: str
    source: str
    method: str
    observed_at: datetime
    store: str | None
    confidence: float


class SizeShape(Wire, frozen=True, kw_only=True):
    """How much one package holds: `pack` times `amount` of `unit` (UN/CEFACT Rec 20 code)."""

    text: str
    pack: int
    amount: Quantity
    unit: str
    pieces: int | None


class ProductShape(Wire, frozen=True, kw_only=True):
    """One product that the shop sells.

    `currentPrice` is in units of the price's currency; where it is null, `priceMissing` says why.
    `claims` holds what the product states of itself; what is not stated is unknown, not absent.
    """

    product_id: str
    name: str
    brand: str | None
    description: str | None
    category: str | None
    category_path: tuple[str, ...]
    current_price: Decimal | None
    price: PriceShape | None
    price_missing: str | None
    unit_price: str | None
    size: SizeShape | None
    in_stock: bool | None
    rating: float | None
    review_count: int | None
    image_url: str | None
    product_url: str | None
    gtin: str | None
    claims: tuple[str, ...]
    ingredients: str | None
    processing: float | None
    source: str
    updated_at: datetime


def product_shape(product: Product) -> ProductShape:
    """The product as clients see it."""
    price, size = product.price, product.size
    each = unit_price(price.cents, size) if price and size else None
    return ProductShape(
        product_id=product.product_id,
        name=product.name,
        brand=product.brand,
        description=product.description,
        category=product.category_path[-1] if product.category_path else None,
        category_path=product.category_path,
        current_price=dollars(price.cents) if price else None,
        price=price_shape(price) if price else None,
        price_missing=product.price_missing,
        unit_price=each.text if each else None,
        size=_size_shape(size) if size else None,
        in_stock=product.in_stock,
        rating=product.rating,
        review_count=product.review_count,
        image_url=product.image_url,
        product_url=product.product_url,
        gtin=product.gtin,
        claims=product.claims,
        ingredients=product.ingredients,
        processing=product.processing,
        source=product.source,
        updated_at=product.updated_at,
    )


def price_shape(price: Price) -> PriceShape:
    """The price as clients see it."""
    return PriceShape(
        amount=dollars(price.cents),
        currency=price.currency,
        source=price.source,
        method=price.method,
        observed_at=price.observed_at,
        store=price.store,
        confidence=price.confidence,
    )


def _size_shape(size: Size) -> SizeShape:
    return SizeShape(
        text=size_text(size),
        pack=size.pack,
        amount=Decimal(size.amount_thousandths).scaleb(-3).normalize(),
        unit=size.unit,
        pieces=size.pieces,
    )
