"""The search over all sources: what was bought, what is new, what is recommended."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from manciple.api.context import Context
from manciple.api.grocery_search import wish_of
from manciple.api.ids import OwnId
from manciple.api.search_inputs import Category, Dollars, SearchInput
from manciple.api.shapes_products import ProductShape, product_shape
from manciple.grocery.actions.hybrid_search import HybridFound, HybridWish
from manciple.grocery.domain.hybrid import Candidate, HybridSort
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartGrocery")


class PriceRange(Wire, frozen=True, kw_only=True):
    """Both ends of a range of prices, in dollars."""

    min: Dollars | None = None
    max: Dollars | None = None


class HybridSearchInput(Wire, frozen=True, kw_only=True):
    """What to look for, and where."""

    query: Annotated[str, Meta(min_length=1, max_length=500)]
    user_id: OwnId | None = None
    include_external: Annotated[
        bool,
        Meta(
            description="Whether outside sources that are set up are searched too: a request each."
        ),
    ] = True
    include_past_purchases: bool = True
    include_recommendations: bool = True
    category: Category | None = None
    price_range: PriceRange | None = None
    in_stock_only: bool = False
    sort_by: HybridSort = "relevance"
    limit: Annotated[
        int, Meta(ge=1, le=100, description="The most products in each of the three groups.")
    ] = 20


class HybridHit(ProductShape, frozen=True, kw_only=True):
    """A product with what speaks for it; `foundBy` names the source."""

    found_by: str
    score: float
    reasons: tuple[str, ...]
    times_bought: int
    last_bought_at: datetime | None


class SourceReportShape(Wire, frozen=True, kw_only=True):
    """How one source did, in milliseconds; `problem` says why it has no part in the answer."""

    source: str
    found: int
    milliseconds: float
    problem: str | None


class HybridFilters(Wire, frozen=True, kw_only=True):
    """The filters that were applied."""

    category: str | None
    price_range: PriceRange | None
    in_stock_only: bool


class SearchMetadata(Wire, frozen=True, kw_only=True):
    """What was asked, of whom, and how long it took (`executionTime` in milliseconds).

    `sources` names those that answered; `reports` tells of every source that was asked.
    """

    query: str
    execution_time: float
    sources: tuple[str, ...]
    filters: HybridFilters
    reports: tuple[SourceReportShape, ...]


class HybridSearchAnswer(Wire, frozen=True, kw_only=True):
    """The three groups; a product stands in the first that has it."""

    past_purchases: tuple[HybridHit, ...]
    new_products: tuple[HybridHit, ...]
    recommended_products: tuple[HybridHit, ...]
    total_results: int
    search_metadata: SearchMetadata


@router.mutation("hybridSearch", needs=Grant.READ, is_tool=True)
async def hybrid_search(ctx: Context, wanted: HybridSearchInput) -> HybridSearchAnswer:
    """What you bought before, what is new to you, and what fits, for one query."""
    owner = ctx.principal.acting_for(wanted.user_id)
    found = await ctx.hybrid.find(owner, _wish_of(wanted))
    return _answer(wanted, found)


def _wish_of(wanted: HybridSearchInput) -> HybridWish:
    prices = wanted.price_range or PriceRange()
    plain = SearchInput(
        query=wanted.query,
        category=wanted.category,
        min_price=prices.min,
        max_price=prices.max,
        in_stock=True if wanted.in_stock_only else None,
        limit=wanted.limit,
    )
    return HybridWish(
        wish=wish_of(plain),
        sort=wanted.sort_by,
        with_past=wanted.include_past_purchases,
        with_recommendations=wanted.include_recommendations,
        with_external=wanted.include_external,
    )


def _answer(wanted: HybridSearchInput, found: HybridFound) -> HybridSearchAnswer:
    return HybridSearchAnswer(
        past_purchases=tuple(map(_hit, found.groups.past)),
        new_products=tuple(map(_hit, found.groups.new)),
        recommended_products=tuple(map(_hit, found.groups.recommended)),
        total_results=found.groups.total,
        search_metadata=SearchMetadata(
            query=wanted.query,
            execution_time=_ms(found.took_s),
            sources=tuple(one.source for one in found.reports if one.problem is None),
            filters=HybridFilters(
                category=wanted.category,
                price_range=wanted.price_range,
                in_stock_only=wanted.in_stock_only,
            ),
            reports=tuple(
                SourceReportShape(
                    source=one.source,
                    found=one.found,
                    milliseconds=_ms(one.took_s),
                    problem=one.problem,
                )
                for one in found.reports
            ),
        ),
    )


def _hit(one: Candidate) -> HybridHit:
    return HybridHit(
        **msgspec.structs.asdict(product_shape(one.product)),
        found_by=one.source,
        score=round(one.score, 4),
        reasons=one.reasons,
        times_bought=one.times_bought,
        last_bought_at=one.last_bought_at,
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
