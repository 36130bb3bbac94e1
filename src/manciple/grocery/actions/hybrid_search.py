"""One search over everything: what was bought, what is sold, what fits, and the outside.

All sources are asked together under one deadline. One that fails or is late is said, and the
answer goes on without it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from manciple.grocery.actions.ports import SearchSource
from manciple.grocery.actions.recommend import Recommend
from manciple.grocery.actions.search import Search
from manciple.grocery.domain.hybrid import Candidate, Groups, HybridSort, join
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.search_wishes import Wish
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import MancipleError

# The whole answer: a person waits no longer than this for the slowest source.
DEADLINE_S = 2.0
# Of the hits so many are looked up among the household's purchases.
_DEPTH = 200


class HybridWish(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for, and which sources are asked."""

    wish: Wish
    sort: HybridSort = "relevance"
    with_past: bool = True
    with_recommendations: bool = True
    with_external: bool = True


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a source did; `problem` says why it has no part in the answer."""

    source: str
    found: int
    took_s: float
    problem: str | None = None


class HybridFound(msgspec.Struct, frozen=True, kw_only=True):
    """The groups, and how each source did."""

    groups: Groups
    reports: tuple[SourceReport, ...]
    took_s: float


_Ask = Callable[[], Awaitable[Sequence[Candidate]]]


class HybridSearch:
    """Asks every source; `external` are those outside, if any are set up."""

    def __init__(
        self,
        stores: Stores,
        clock: Clock,
        *,
        search: Search,
        recommend: Recommend,
        external: Sequence[SearchSource] = (),
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._search = search
        self._recommend = recommend
        self._external = external
        self._deadline_s = deadline_s

    async def find(self, owner: str, wanted: HybridWish) -> HybridFound:
        """What all sources know, joined; `owner` is the signed-in person.

        Raises:
            InvalidInput: the wish itself is wrong.
        """
        began_s = self._clock.monotonic()
        asked = self._asked(owner, wanted)
        answers = await asyncio.gather(*(self._timed(name, ask) for name, ask in asked.items()))
        found = {report.source: candidates for report, candidates in answers}
        outside = [one for source in self._external for one in found.get(source.source, ())]
        groups = join(
            found.get("order_history", ()),
            [*found.get("catalog", ()), *_allowed(outside, wanted.wish)],
            found.get("recommendations", ()),
            sort=wanted.sort,
            limit=wanted.wish.limit,
        )
        return HybridFound(
            groups=groups,
            reports=tuple(report for report, _ in answers),
            took_s=self._clock.monotonic() - began_s,
        )

    def _asked(self, owner: str, wanted: HybridWish) -> dict[str, _Ask]:
        asked: dict[str, _Ask] = {"catalog": lambda: self._catalog(wanted.wish)}
        if wanted.with_past:
            asked["order_history"] = lambda: self._past(owner, wanted.wish)
        if wanted.with_recommendations:
            asked["recommendations"] = lambda: self._recommended(owner, wanted.wish)
        if wanted.with_external:
            for source in self._external:
                asked[source.source] = lambda source=source: self._outside(source, wanted.wish)  # type: ignore[misc]  # a default binds the loop's value
        return asked

    async def _timed(self, name: str, ask: _Ask) -> tuple[SourceReport, Sequence[Candidate]]:
        began_s = self._clock.monotonic()
        candidates: Sequence[Candidate] = ()
        problem = None
        try:
            async with asyncio.timeout(self._deadline_s):
                candidates = await ask()
        except TimeoutError:
            problem = f"no answer within {self._deadline_s:g} s"
        except MancipleError as error:
            if name == "catalog":
                raise
            problem = str(error)
        took_s = self._clock.monotonic() - began_s
        found = len(candidates)
        return SourceReport(source=name, found=found, took_s=took_s, problem=problem), candidates

    async def _catalog(self, wish: Wish) -> list[Candidate]:
        found = await self._search.search(msgspec.structs.replace(wish, explain=True))
        return [
            Candidate(
                product=hit.product,
                score=hit.score,
                source="catalog",
                reasons=tuple(reason.what for reason in hit.reasons),
            )
            for hit in found.hits
        ]

    async def _past(self, owner: str, wish: Wish) -> list[Candidate]:
        """What of the hits the household has bought, wherever it stands among them."""
        deep = msgspec.structs.replace(wish, limit=_DEPTH)
        hits = (await self._search.search(deep)).hits
        ids = [hit.product.product_id for hit in hits]
        bought = await self._stores.read(lambda tx: tx.orders.purchases(owner, ids))
        return [
            Candidate(
                product=hit.product,
                score=hit.score,
                source="order_history",
                reasons=(_habit(bought[hit.product.product_id].times),),
                times_bought=bought[hit.product.product_id].times,
                last_bought_at=bought[hit.product.product_id].last_at,
            )
            for hit in hits
            if hit.product.product_id in bought
        ]

    async def _recommended(self, owner: str, wish: Wish) -> list[Candidate]:
        """What the household will probably buy next anyway, within the same filters."""
        found = (await self._recommend.usuals(owner, limit=wish.limit)).found
        candidates = [
            Candidate(
                product=one.product,
                score=min(1.0, max(0.0, one.score)),
                source="recommendations",
                reasons=(one.reason,),
                times_bought=one.times_bought,
            )
            for one in found
            if one.product is not None
        ]
        return _allowed(candidates, wish)

    async def _outside(self, source: SearchSource, wish: Wish) -> list[Candidate]:
        found = await source.search(wish.query, limit=wish.limit)
        ids = [product.product_id for product in found]
        known = await self._stores.read(lambda tx: _known(tx, ids))
        count = max(1, len(found))
        return [
            Candidate(
                product=_completed(product, known.get(product.product_id)),
                score=1 - place / count,
                source=source.source,
                reasons=(f"found by {source.source}",),
            )
            for place, product in enumerate(found)
        ]


def _known(tx: Transaction, ids: Sequence[str]) -> dict[str, Product]:
    return dict(tx.products.by_ids(list(ids)))


def _completed(seen: Product, known: Product | None) -> Product:
    """What was seen outside, with what only the catalog knows of the product."""
    if known is None:
        return seen
    return msgspec.structs.replace(
        seen,
        brand=seen.brand or known.brand,
        category_path=seen.category_path or known.category_path,
        claims=tuple(dict.fromkeys((*known.claims, *seen.claims))),
        ingredients=seen.ingredients or known.ingredients,
        processing=known.processing,
    )


def _allowed(found: Sequence[Candidate], wish: Wish) -> list[Candidate]:
    """Those that pass the filters that the catalog's own search has applied already."""
    return [one for one in found if _passes(one.product, wish)]


def _passes(product: Product, wish: Wish) -> bool:
    cents = product.price.cents if product.price else None
    if wish.min_price_cents is not None and (cents is None or cents < wish.min_price_cents):
        return False
    if wish.max_price_cents is not None and (cents is None or cents > wish.max_price_cents):
        return False
    if wish.in_stock is not None and product.in_stock is not wish.in_stock:
        return False
    asked = wish.category.lower() if wish.category else None
    return asked is None or any(asked == step.lower() for step in product.category_path)


def _habit(times: int) -> str:
    return "bought once" if times == 1 else f"bought {times} times"
