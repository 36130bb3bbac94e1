"""A product as a row and back; the hot path of every answer, so plain tuples."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import Size
from manciple.grocery.stores.schema import walmart_products

PATH_SEPARATOR = " > "
RETAILER = "walmart"

_c = walmart_products.c

# In the order in which `product_of` unpacks them.
COLUMNS = (
    _c.product_id,
    _c.name,
    _c.brand,
    _c.description,
    _c.category_path,
    _c.size_pack,
    _c.size_amount_thousandths,
    _c.size_unit,
    _c.size_pieces,
    _c.size_most_thousandths,
    _c.current_price_cents,
    _c.price_currency,
    _c.price_source,
    _c.price_method,
    _c.price_observed_at,
    _c.price_store,
    _c.price_confidence,
    _c.price_missing,
    _c.in_stock,
    _c.rating,
    _c.review_count,
    _c.image_url,
    _c.product_url,
    _c.gtin,
    _c.claims,
    _c.ingredients,
    _c.processing,
    _c.source,
    _c.last_updated_at,
)

SELECT = select(*COLUMNS)


def product_of(row: Any) -> Product:
    """The product in a row of `COLUMNS`."""
    (
        product_id,
        name,
        brand,
        description,
        path,
        pack,
        amount,
        unit,
        pieces,
        most,
        cents,
        currency,
        price_source,
        method,
        observed_at,
        store,
        confidence,
        missing,
        in_stock,
        rating,
        review_count,
        image_url,
        product_url,
        gtin,
        claims,
        ingredients,
        processing,
        source,
        updated_at,
    ) = row
    return Product(
        product_id=product_id,
        name=name,
        brand=brand,
        description=description,
        category_path=tuple(path.split(PATH_SEPARATOR)) if path else (),
        size=None
        if amount is None
        else Size(
            pack=pack,
            amount_thousandths=amount,
            unit=unit,
            pieces=pieces,
            most_thousandths=most,
        ),
        price=None
        if cents is None
        else Price(
            cents=cents,
            currency=currency,
            source=price_source,
            method=method,
            observed_at=observed_at,
            store=store,
            confidence=confidence,
        ),
        price_missing=missing,
        in_stock=in_stock,
        rating=rating,
        review_count=review_count,
        image_url=image_url,
        product_url=product_url,
        gtin=gtin,
        claims=tuple(claims.split(" ")) if claims else (),
        ingredients=ingredients,
        processing=processing,
        source=source,
        updated_at=updated_at,
    )


def row_of(
    product: Product, *, revision: int, deleted_at: datetime | None = None
) -> dict[str, Any]:
    """The row that keeps a product, without what only the database knows of it."""
    return {
        "id": f"{RETAILER}:{product.product_id}",
        "product_id": product.product_id,
        "name": product.name,
        "brand": product.brand,
        "description": product.description,
        "category_path": PATH_SEPARATOR.join(product.category_path),
        **_size_columns(product.size),
        **price_columns(product.price),
        "price_missing": product.price_missing,
        "in_stock": product.in_stock,
        "rating": product.rating,
        "review_count": product.review_count,
        "image_url": product.image_url,
        "product_url": product.product_url,
        "gtin": product.gtin,
        "claims": " ".join(product.claims),
        "ingredients": product.ingredients,
        "processing": product.processing,
        "source": product.source,
        "last_updated_at": product.updated_at,
        "revision": revision,
        "deleted_at": deleted_at,
    }


def price_columns(price: Price | None) -> dict[str, Any]:
    """The columns of the current price; all empty where there is none."""
    if price is None:
        return dict.fromkeys(_PRICE_COLUMNS)
    return {
        "current_price_cents": price.cents,
        "price_currency": price.currency,
        "price_source": price.source,
        "price_method": price.method,
        "price_observed_at": price.observed_at,
        "price_store": price.store,
        "price_confidence": price.confidence,
    }


_PRICE_COLUMNS = (
    "current_price_cents",
    "price_currency",
    "price_source",
    "price_method",
    "price_observed_at",
    "price_store",
    "price_confidence",
)


def _size_columns(size: Size | None) -> dict[str, Any]:
    if size is None:
        return dict.fromkeys(_SIZE_COLUMNS)
    return {
        "size_pack": size.pack,
        "size_amount_thousandths": size.amount_thousandths,
        "size_unit": size.unit,
        "size_pieces": size.pieces,
        "size_most_thousandths": size.most_thousandths,
    }


_SIZE_COLUMNS = (
    "size_pack",
    "size_amount_thousandths",
    "size_unit",
    "size_pieces",
    "size_most_thousandths",
)
