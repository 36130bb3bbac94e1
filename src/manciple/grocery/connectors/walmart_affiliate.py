"""Walmart's affiliate API: signed searches and look-ups of items."""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.loose_json import (
    at,
    decode,
    identifier,
    items,
    number,
    shape,
    text,
)
from manciple.grocery.connectors.pace import PaceSettings
from manciple.grocery.connectors.targets import Target
from manciple.grocery.domain.claims import stated_claims
from manciple.grocery.domain.money import cents
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import parse_size
from manciple.kit.errors import InvalidInput, NotAllowed, Upstream

SOURCE = "walmart-affiliate"
BASE_URL = "https://developer.api.walmart.com/api-proxy/service"
MAX_PAGE = 25
MAX_IDS = 20
_CONFIDENCE = 0.97
_STOCK = {"available": True, "limited supply": True, "last few items": True, "not available": False}


def read_key(pem: bytes) -> RSAPrivateKey:
    """The private key that requests are signed with.

    Raises:
        InvalidInput: it is no RSA key in PEM without a password.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise InvalidInput.at("walmart.affiliate_key", "no private key in PEM") from error
    if not isinstance(key, RSAPrivateKey):
        raise InvalidInput.at("walmart.affiliate_key", "expected an RSA key")
    return key


class WalmartAffiliate:
    """One consumer of the API; 5,000 calls a day are its quota, and its pace keeps to it."""

    source = SOURCE
    per_request = MAX_IDS

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        consumer_id: str,
        key: RSAPrivateKey,
        now: Callable[[], datetime],
        key_version: str = "1",
        base_url: str = BASE_URL,
    ) -> None:
        self._fetcher = fetcher
        self._consumer_id = consumer_id
        self._key = key
        self._key_version = key_version
        self._now = now
        self._target = Target(
            name=SOURCE,
            base_url=base_url,
            timeout_s=15.0,
            pace=PaceSettings(calls=5000, window_s=86_400.0, patience_s=5.0),
        )

    async def search(self, words: str, *, limit: int) -> list[Product]:
        """Up to `limit` products for some words, page by page.

        Raises:
            Upstream, TooMany, TimedOut, Unavailable: it does not answer.
            NotAllowed: the signature is not accepted.
        """
        found: list[Product] = []
        while len(found) < limit:
            most = min(MAX_PAGE, limit - len(found))
            query = {"query": words, "start": str(len(found) + 1), "numItems": str(most)}
            data = await self._ask("/affil/product/v2/search", query)
            shown = items(data, "items")
            found += (_product(item, self._now()) for item in shown)
            total = number(data, "totalResults")
            if not shown or (total is not None and len(found) >= total):
                break
        return found

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        """The products of these ids; those that do not exist are left out.

        Raises:
            Upstream, TooMany, TimedOut, Unavailable: it does not answer.
            NotAllowed: the signature is not accepted.
        """
        found: list[Product] = []
        for start in range(0, len(product_ids), MAX_IDS):
            query = {"ids": ",".join(product_ids[start : start + MAX_IDS])}
            data = await self._ask("/affil/product/v2/items", query)
            found += (_product(item, self._now()) for item in items(data, "items"))
        return found

    async def _ask(self, path: str, query: dict[str, str]) -> Any:
        answer = await self._fetcher.fetch(
            self._target, "GET", path, query=query, headers=self._signed()
        )
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise NotAllowed("a valid consumer id and key of walmart.io")
        if answer.status != HTTPStatus.OK:
            raise Upstream(SOURCE, f"answered {answer.status}")
        data = decode(answer.body, source=SOURCE)
        if not isinstance(at(data, "items"), list):
            raise Upstream(SOURCE, f"an answer of unknown shape: {shape(data)}")
        return data

    def _signed(self) -> dict[str, str]:
        stamp = str(int(self._now().timestamp() * 1000))
        signed = f"{self._consumer_id}\n{stamp}\n{self._key_version}\n".encode()
        signature = self._key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        return {
            "WM_CONSUMER.ID": self._consumer_id,
            "WM_CONSUMER.INTIMESTAMP": stamp,
            "WM_SEC.KEY_VERSION": self._key_version,
            "WM_SEC.AUTH_SIGNATURE": base64.b64encode(signature).decode(),
        }


def _product(item: Any, now: datetime) -> Product:
    product_id, name = identifier(item, "itemId"), text(item, "name")
    if product_id is None or name is None or at(item, "salePrice") is at(item, "msrp") is None:
        raise Upstream(SOURCE, f"an item of unknown shape: {shape(item)}")
    amount = number(item, "salePrice")
    stock = text(item, "stock")
    return Product(
        product_id=product_id,
        name=name,
        brand=text(item, "brandName"),
        category_path=tuple((text(item, "categoryPath") or "").split("/")[1:]),
        size=parse_size(name),
        price=_price(amount, now),
        price_missing=None if amount else "the shop gives no sale price",
        in_stock=None if stock is None else _STOCK.get(stock.lower()),
        gtin=identifier(item, "upc"),
        product_url=f"https://www.walmart.com/ip/{product_id}",
        image_url=text(item, "largeImage"),
        claims=stated_claims(name),
        source=SOURCE,
        updated_at=now,
    )


def _price(amount: Decimal | None, now: datetime) -> Price | None:
    if amount is None or amount <= 0:
        return None
    return Price(
        cents=cents(amount.quantize(Decimal("0.01"))),
        source=SOURCE,
        method="stated by the shop's API",
        observed_at=now,
        confidence=_CONFIDENCE,
    )
