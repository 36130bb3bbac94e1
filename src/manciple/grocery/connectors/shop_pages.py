"""The shop's own pages as a source: fetched, read by shape, and turned into products."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus

from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.pace import PaceSettings
from manciple.grocery.connectors.page_walls import wall_of
from manciple.grocery.connectors.targets import Answer, Target
from manciple.grocery.connectors.walmart_pages import read_page
from manciple.grocery.connectors.walmart_tiles import ShownProduct, Stock
from manciple.grocery.domain.claims import stated_claims
from manciple.grocery.domain.products import Price, Product
from manciple.grocery.domain.units import parse_size
from manciple.kit.errors import Upstream

SOURCE = "walmart-page"
CONFIDENCE, ESTIMATE_CONFIDENCE = 0.95, 0.6
_AT_ONCE = 4


class ShopPages:
    """Pages below one address, such as the fake shop's or an unlocking proxy's."""

    source = SOURCE
    per_request = 1

    def __init__(self, fetcher: Fetcher, *, base_url: str, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._now = now
        self._turns = asyncio.Semaphore(_AT_ONCE)
        pace = PaceSettings(calls=120, window_s=60.0, patience_s=20.0)
        self._target = Target(
            name=SOURCE, base_url=base_url, timeout_s=20.0, pace=pace, refusal=_wall
        )

    async def search(self, words: str, *, limit: int) -> list[Product]:
        """The products of a search page that can be had from the shop itself.

        Raises:
            Upstream, TimedOut, TooMany, Unavailable: the page cannot be had or read.
        """
        answer = await self._page("/search", query={"q": words})
        if answer is None:
            raise Upstream(SOURCE, "there is no search page")
        shown = read_page(answer.body).products
        return [product_of(one, self._now()) for one in shown if not one.is_marketplace][:limit]

    async def by_ids(self, product_ids: Sequence[str]) -> list[Product]:
        """The products by their own pages; a page that does not exist is left out.

        Raises:
            Upstream, TimedOut, TooMany, Unavailable: a page cannot be had or read.
        """
        pages = await asyncio.gather(*(self._page(f"/ip/{one}") for one in product_ids))
        shown = [one for page in pages if page for one in read_page(page.body).products]
        return [product_of(one, self._now()) for one in shown]

    async def _page(self, path: str, *, query: dict[str, str] | None = None) -> Answer | None:
        async with self._turns:
            answer = await self._fetcher.fetch(self._target, "GET", path, query=query)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status != HTTPStatus.OK:
            raise Upstream(SOURCE, f"answered {answer.status}")
        return answer


def _wall(answer: Answer) -> str | None:
    """What stands there instead of a page; who goes on asking is kept out for longer."""
    holds_goods = any(mark in answer.body for mark in (b"usItemId", b"itemStacks"))
    return None if holds_goods else wall_of(answer.body)


def product_of(shown: ShownProduct, now: datetime) -> Product:
    """What a page shows as a product; the price was observed now."""
    shows_stock = {Stock.IN_STOCK: shown.is_buyable is not False, Stock.OUT_OF_STOCK: False}
    return Product(
        product_id=shown.product_id,
        name=shown.name,
        brand=shown.brand,
        category_path=shown.category_path,
        size=parse_size(shown.name),
        price=_price(shown, now),
        price_missing=shown.price.missing,
        in_stock=shows_stock.get(shown.stock),
        rating=None if shown.rating is None else float(shown.rating),
        review_count=shown.review_count,
        image_url=shown.image_url,
        product_url=shown.product_url,
        gtin=shown.upc,
        claims=stated_claims(shown.name),
        source=SOURCE,
        updated_at=now,
    )


def _price(shown: ShownProduct, now: datetime) -> Price | None:
    if shown.price.cents is None:
        return None
    is_estimate = shown.price.is_estimate
    return Price(
        cents=shown.price.cents,
        source=SOURCE,
        method="estimate by weight, on the shop's page" if is_estimate else "on the shop's page",
        observed_at=now,
        store=shown.store,
        confidence=ESTIMATE_CONFIDENCE if is_estimate else CONFIDENCE,
    )
