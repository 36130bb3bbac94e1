"""Prices asked of the shop itself, each product by one question at a time."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Literal

import msgspec
import structlog

from manciple.grocery.actions.ports import LookupSource, SearchSource
from manciple.grocery.actions.take_observations import take_observations
from manciple.grocery.domain.products import Product
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError, NotFound, Unavailable

Refresh = Literal["never", "behind", "now"]
"""Whether to ask the shop: not at all, while the known price is given already, or first."""

NO_SOURCE = "no live source is set up"
# Sample prices stand in until a live source was asked; they never count as fresh.
_SAMPLE = "shelf"

_log = structlog.get_logger(__name__)


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """A product; `is_live` if its price is fresh from the shop, else `missing` says why not.

    `is_refreshing` if the shop is being asked while this is read.
    """

    product: Product
    is_live: bool
    missing: str | None = None
    is_refreshing: bool = False


class Refreshed(msgspec.Struct, frozen=True, kw_only=True):
    """Products as the shop just told them; of the others, why it did not."""

    found: Mapping[str, Product]
    missing: Mapping[str, str]


class LivePrices:
    """Asks the sources in order; the first that answers is believed. Close it when done."""

    def __init__(
        self, stores: Stores, clock: Clock, sources: Sequence[LookupSource], *, fresh_s: float
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._sources = tuple(sources)
        self._fresh = timedelta(seconds=fresh_s)
        self._flying: dict[str, asyncio.Task[dict[str, Product]]] = {}

    @property
    def is_set_up(self) -> bool:
        """Whether there is any source to ask."""
        return bool(self._sources)

    @property
    def per_request(self) -> int:
        """How many products one request to the first source asks for."""
        return self._sources[0].per_request if self._sources else 1

    async def product(self, product_id: str, *, refresh: Refresh) -> Live:
        """One product, asked of the shop as `refresh` says; a failure leaves what is known.

        Raises:
            NotFound: nobody knows it, here or there.
        """
        known = (await self._stores.read(lambda tx: tx.products.by_ids([product_id]))).get(
            product_id
        )
        if known is not None and self.is_fresh(known):
            return Live(product=known, is_live=True)
        if known is not None and refresh == "never":
            return Live(product=known, is_live=False, missing="the shop was not asked")
        if known is None and refresh == "never":
            raise NotFound("product", product_id)
        if not self._sources:
            if known is None:
                raise NotFound("product", product_id)
            return Live(product=known, is_live=False, missing=NO_SOURCE)
        if known is not None and refresh == "behind":
            self._fly([product_id])
            return Live(product=known, is_live=False, missing="being asked now", is_refreshing=True)
        return await self._asked(product_id, known)

    async def refresh(self, product_ids: Sequence[str]) -> Refreshed:
        """What the shop says of many products now."""
        try:
            found = await self.ask(product_ids)
        except MancipleError as error:
            return Refreshed(found={}, missing=dict.fromkeys(product_ids, str(error)))
        missing = {one: "the shop does not know it" for one in product_ids if one not in found} | {
            id_: _no_price(one) for id_, one in found.items() if not self.is_fresh(one)
        }
        return Refreshed(found=found, missing=missing)

    async def ask(self, product_ids: Sequence[str]) -> dict[str, Product]:
        """The products as known after asking; what the shop does not know is left out.

        Whoever asks for the same product meanwhile waits for the same answer.

        Raises:
            Unavailable: no source is set up.
            Upstream, TimedOut, TooMany, NotAllowed: none answered.
        """
        if not self._sources:
            raise Unavailable("live prices", wait_s=3600)
        flights = self._fly(product_ids)
        # A caller that goes away does not take the answer from the others.
        answers = [await asyncio.shield(flight) for flight in flights]
        together = {id_: one for answer in answers for id_, one in answer.items()}
        return {id_: together[id_] for id_ in product_ids if id_ in together}

    def is_fresh(self, product: Product) -> bool:
        """Whether the price was seen a moment ago, by somebody who looked."""
        price = product.price
        if price is None or price.source == _SAMPLE:
            return False
        return self._clock.now() - price.observed_at < self._fresh

    async def close(self) -> None:
        """Gives up what is being asked."""
        flights = set(self._flying.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    async def _asked(self, product_id: str, known: Product | None) -> Live:
        try:
            found = (await self.ask([product_id])).get(product_id)
        except MancipleError as error:
            if known is None:
                raise
            return Live(product=known, is_live=False, missing=str(error))
        if found is None and known is None:
            raise NotFound("product", product_id)
        if found is None or not self.is_fresh(found):
            product = found or known
            assert product is not None  # noqa: S101 - one of both is there, as above
            return Live(product=product, is_live=False, missing=_no_price(found))
        return Live(product=found, is_live=True)

    def _fly(self, product_ids: Iterable[str]) -> set[asyncio.Task[dict[str, Product]]]:
        """The questions under way for these products; those not asked yet are asked together."""
        ids = list(dict.fromkeys(product_ids))
        new = [one for one in ids if one not in self._flying]
        if new:
            flight = asyncio.create_task(self._look(new))
            self._flying |= dict.fromkeys(new, flight)
            flight.add_done_callback(lambda done: self._landed(new, done))
        return {self._flying[one] for one in ids}

    def _landed(self, product_ids: list[str], flight: asyncio.Task[dict[str, Product]]) -> None:
        for one in product_ids:
            del self._flying[one]
        error = None if flight.cancelled() else flight.exception()
        if error is not None:
            _log.info("prices.look.failed", products=len(product_ids), problem=str(error))

    async def _look(self, product_ids: list[str]) -> dict[str, Product]:
        wanted = frozenset(product_ids)
        problem: MancipleError | None = None
        for source in self._sources:
            try:
                seen = await source.by_ids(product_ids)
            except MancipleError as error:
                problem = problem or error
                continue
            mine = [product for product in seen if product.product_id in wanted]
            return await self._stores.write(lambda tx, mine=mine: take_observations(tx, mine))  # type: ignore[misc]  # a default binds the loop's value
        raise problem or Unavailable("live prices", wait_s=60)


class Remembering:
    """A search outside whose prices of products that are known here are kept."""

    def __init__(self, inner: SearchSource, stores: Stores) -> None:
        self._inner = inner
        self._stores = stores

    @property
    def source(self) -> str:
        """The name that its prices carry."""
        return self._inner.source

    async def search(self, words: str, *, limit: int) -> list[Product]:
        """As the search itself.

        Raises:
            Upstream, TimedOut, TooMany, Unavailable, NotAllowed: it cannot answer now.
        """
        seen = await self._inner.search(words, limit=limit)

        def keep(tx: Transaction) -> None:
            known = tx.products.by_ids([product.product_id for product in seen])
            take_observations(tx, [one for one in seen if one.product_id in known])

        if seen:
            await self._stores.write(keep)
        return seen


def _no_price(found: Product | None) -> str:
    if found is None:
        return "the shop does not know it"
    if found.price is not None and found.price.source != _SAMPLE:
        return f"the newest price is of {found.price.observed_at:%Y-%m-%d %H:%M} UTC"
    return "the shop shows no price now"
