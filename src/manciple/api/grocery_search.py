"""Searching products: what a client can ask.

Answers are kept as ready bytes for some minutes and forgotten when any product changes.
"""

import difflib
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import msgspec

from manciple.api.amounts import is_amount
from manciple.api.context import Context
from manciple.api.search_inputs import DetailsInput, SearchInput, SuggestInput
from manciple.api.shapes_products import ProductShape, product_shape
from manciple.grocery.actions.index_products import ANY_PRODUCT
from manciple.grocery.actions.live_prices import Refresh
from manciple.grocery.actions.search import Found, Hit
from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.people import WARMER_ID
from manciple.grocery.domain.search_wishes import Wish
from manciple.kit.cache import Answer
from manciple.kit.errors import InvalidInput, Problem
from manciple.platform.rpc.procedure import Ready, Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartGrocery")

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class FacetValue(Wire, frozen=True, kw_only=True):
    """One value and how many hits have it."""

    value: str
    count: int


class FacetShape(Wire, frozen=True, kw_only=True):
    """The values of one property (`category`, `brand`, `dietary`) among the hits, most first."""

    name: str
    values: tuple[FacetValue, ...]


class RemovedBy(Wire, frozen=True, kw_only=True):
    """How many hits a filter took away, told where nothing was left."""

    filter: str
    hits: int


class ReasonShape(Wire, frozen=True, kw_only=True):
    """One part of a score."""

    what: str
    effect: float


class Explanation(Wire, frozen=True, kw_only=True):
    """Why a product stands where it stands."""

    product_id: str
    score: float
    reasons: tuple[ReasonShape, ...]


class SearchAnswer(Wire, frozen=True, kw_only=True):
    """The products found, best first.

    `count` is of this page, `total` of all hits among the candidates looked at. Where
    `nothingLikeIt` is true the catalog has nothing of the kind, and `whyNothing` says so;
    where filters took everything away, `removedBy` says which. `unknownWords` are words of the
    query that nothing here is called, a brand that is not sold perhaps: the hits leave them out.
    """

    success: bool
    products: tuple[ProductShape, ...]
    count: int
    total: int
    facets: tuple[FacetShape, ...]
    next_cursor: str | None
    did_you_mean: str | None
    nothing_like_it: bool
    why_nothing: str | None
    removed_by: tuple[RemovedBy, ...]
    unknown_words: tuple[str, ...]
    explanations: tuple[Explanation, ...]


class DetailsAnswer(ProductShape, frozen=True, kw_only=True):
    """One product with all that is known of it.

    `isRealTime` is false where no live source is set up: the price is then the newest one known,
    and `price` says where it comes from.
    """

    is_real_time: bool
    real_time_missing: str | None


class SuggestAnswer(Wire, frozen=True, kw_only=True):
    """What it may become, the most common first."""

    suggestions: tuple[str, ...]


def _at_once(ctx: Context, wanted: SearchInput) -> Ready[SearchAnswer] | None:
    search = ctx.actions.search
    if not search.is_current:
        return None
    body = search.cache.fresh(_key(wanted))
    if body is None:
        return None
    _note(ctx, wanted)
    return Ready(body)


@router.mutation("searchProducts", needs=Grant.READ, at_once=_at_once)
async def search_products(ctx: Context, wanted: SearchInput) -> Ready[SearchAnswer]:
    """The products that answer a query; the same as `search`, asked as a mutation."""
    return await _answer(ctx, wanted)


@router.query("search", needs=Grant.READ, is_tool=True, at_once=_at_once)
async def search(ctx: Context, wanted: SearchInput) -> Ready[SearchAnswer]:
    """The products that answer a query, best first; understands brands, sizes and diets."""
    return await _answer(ctx, wanted)


@router.query("getProductDetails", needs=Grant.READ, is_tool=True)
async def get_product_details(ctx: Context, wanted: DetailsInput) -> DetailsAnswer:
    """One product with all that is known of it."""
    refresh: Refresh = "now" if wanted.include_real_time else "never"
    found = await ctx.live.product(wanted.product_id, refresh=refresh)
    if ctx.principal.user_id != WARMER_ID:
        ctx.uses.looked_at(wanted.product_id)
    product = product_shape(found.product)
    return DetailsAnswer(
        **msgspec.structs.asdict(product),
        is_real_time=found.is_live,
        real_time_missing=found.missing if wanted.include_real_time else None,
    )


@router.query("suggest", needs=Grant.READ)
async def suggest(ctx: Context, wanted: SuggestInput) -> SuggestAnswer:
    """What the words typed so far may become."""
    return SuggestAnswer(
        suggestions=tuple(await ctx.suggest.completions(wanted.query, limit=wanted.limit))
    )


def _key(wanted: SearchInput) -> tuple[str, SearchInput]:
    return ("search", wanted)


async def _answer(ctx: Context, wanted: SearchInput) -> Ready[SearchAnswer]:
    # Before anything looks at it: there are amounts that nothing can be compared with.
    wish = wish_of(wanted)

    async def make() -> Answer:
        found = await ctx.search.search(wish)
        body = _ENCODER.encode(search_answer(found, explain=wanted.explain))
        return Answer(body, frozenset({ANY_PRODUCT}))

    await ctx.search.keep_up()
    body = await ctx.search.cache.get(_key(wanted), make)
    _note(ctx, wanted)
    return Ready(body)


def _note(ctx: Context, wanted: SearchInput) -> None:
    """Notes a search that may come again; further pages and explanations rarely do."""
    if wanted.cursor is None and not wanted.explain and ctx.principal.user_id != WARMER_ID:
        ctx.actions.uses.searched(wanted)


def wish_of(wanted: SearchInput) -> Wish:
    """The input as the house asks it; a price between two cents is taken inward.

    Raises:
        InvalidInput: a price is below 0, the least is above the most, or a claim is none that
            products state.
    """
    low, high = wanted.min_price, wanted.max_price
    problems = [
        Problem((where,), problem)
        for where, amount in (("minPrice", low), ("maxPrice", high))
        if amount is not None and (problem := _problem_with(amount)) is not None
    ]
    if not problems and low is not None and high is not None and low > high:
        problems.append(Problem(("minPrice",), "is above maxPrice"))
    if problems:
        raise InvalidInput(*problems)
    return Wish(
        query=wanted.query,
        category=wanted.category,
        brand=wanted.brand,
        min_price_cents=None if low is None else _cents(low, ROUND_CEILING),
        max_price_cents=None if high is None else _cents(high, ROUND_FLOOR),
        in_stock=wanted.in_stock,
        dietary=tuple(map(_claim, wanted.dietary)),
        sort=wanted.sort,
        limit=wanted.limit,
        cursor=wanted.cursor,
        explain=wanted.explain,
    )


def _claim(text: str) -> str:
    """A claim as it is kept: "Gluten-free" and "gluten free" are `gluten_free`."""
    name = "_".join(text.lower().replace("-", " ").split())
    known = grocery_claims().hard | grocery_claims().soft
    if name in known:
        return name
    close = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise InvalidInput.at("dietary", f"{text[:40]!r} is nothing that products state{hint}")


def _problem_with(amount: Decimal) -> str | None:
    if not is_amount(amount):
        return "must be an amount in dollars"
    return "is below 0" if amount < 0 else None


def _cents(amount: Decimal, rounding: str) -> int:
    return int(amount.scaleb(2).to_integral_value(rounding=rounding))


def search_answer(found: Found, *, explain: bool) -> SearchAnswer:
    """What was found, as clients see it."""
    return SearchAnswer(
        success=True,
        products=tuple(product_shape(hit.product) for hit in found.hits),
        count=len(found.hits),
        total=found.total,
        facets=tuple(
            FacetShape(
                name=facet.name,
                values=tuple(FacetValue(value=value, count=n) for value, n in facet.values),
            )
            for facet in found.facets
        ),
        next_cursor=found.next_cursor,
        did_you_mean=found.did_you_mean,
        nothing_like_it=found.nothing_like_it,
        why_nothing=found.why_nothing,
        removed_by=tuple(RemovedBy(filter=name, hits=n) for name, n in found.removed_by),
        unknown_words=found.unknown_words,
        explanations=tuple(_explanation(hit) for hit in found.hits) if explain else (),
    )


def _explanation(hit: Hit) -> Explanation:
    return Explanation(
        product_id=hit.product.product_id,
        score=hit.score,
        reasons=tuple(ReasonShape(what=each.what, effect=each.effect) for each in hit.reasons),
    )
