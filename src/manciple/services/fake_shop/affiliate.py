"""The fake shop's affiliate API: signed requests, pages of items."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from manciple.grocery.domain.money import dollars
from manciple.services.fake_shop.market import Market, Offer

VALID_S = 180.0
MAX_ITEMS = 25
MAX_IDS = 20


def refusal(headers: Mapping[str, str], key: RSAPublicKey, now: datetime) -> str | None:
    """Why a request is not let in; None where its signature is good and fresh."""
    consumer = headers.get("wm_consumer.id", "")
    stamp = headers.get("wm_consumer.intimestamp", "")
    version = headers.get("wm_sec.key_version", "")
    signature = headers.get("wm_sec.auth_signature", "")
    if not (consumer and stamp.isascii() and stamp.isdigit() and version and signature):
        return "the signature's headers are missing"
    if abs(now.timestamp() - int(stamp) / 1000) > VALID_S:
        return "the signature is too old"
    signed = f"{consumer}\n{stamp}\n{version}\n".encode()
    try:
        given = base64.b64decode(signature, validate=True)
        key.verify(given, signed, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error):
        return "the signature is wrong"
    return None


def search(market: Market, query: str, *, start: int, most: int, at: datetime) -> dict[str, Any]:
    """One page of a search, `start` counted from 1."""
    ids = market.search(query, most=200)
    shown = ids[start - 1 : start - 1 + most]
    offers = [offer for id_ in shown if (offer := market.offer(id_, at))]
    return {
        "query": query,
        "totalResults": len(ids),
        "start": start,
        "numItems": len(offers),
        "items": [item(offer) for offer in offers],
    }


def items(market: Market, ids: list[str], at: datetime) -> dict[str, Any]:
    """The items of some ids; those that do not exist are left out, as the real one does."""
    offers = (market.offer(id_, at) for id_ in ids)
    return {"items": [item(offer) for offer in offers if offer]}


def item(offer: Offer) -> dict[str, Any]:
    """A product as the API has it."""
    ware = offer.ware
    return {
        "itemId": int(ware.product_id),
        "name": ware.name,
        "msrp": dollars(offer.was_cents or offer.price_cents),
        "salePrice": dollars(offer.price_cents),
        "brandName": ware.brand,
        "categoryPath": "/".join(("Food", *ware.category)),
        "stock": "Available" if offer.in_stock else "Not available",
        "availableOnline": offer.in_stock,
        "customerRating": str(offer.rating),
        "numReviews": offer.reviews,
    }
