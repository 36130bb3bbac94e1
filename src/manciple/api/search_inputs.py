"""What clients send to search products."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.api.ids import ProductId
from manciple.grocery.domain.search_wishes import Sort
from manciple.platform.rpc.procedure import Wire

Dollars = Annotated[Decimal, Meta(description="In dollars, not below 0.")]
Category = Annotated[
    str,
    Meta(description="A name in the `categoryPath` of products, such as `Drinks`; in any case."),
]
SearchCursor = Annotated[
    str,
    Meta(max_length=500, description="The `nextCursor` of the page before, of the same search."),
]


class SearchInput(Wire, frozen=True, kw_only=True, cache_hash=True):
    """What to look for."""

    query: Annotated[str, Meta(min_length=1, max_length=500)]
    category: Category | None = None
    min_price: Dollars | None = None
    max_price: Dollars | None = None
    in_stock: Annotated[
        bool | None,
        Meta(description="True: only what is in stock; false: only what is not; null: everything."),
    ] = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    brand: Annotated[str, Meta(description="A brand's whole name; in any case.")] | None = None
    dietary: Annotated[
        tuple[str, ...],
        Meta(
            max_length=20,
            description="Claims that every hit must state, such as `gluten_free`.",
        ),
    ] = ()
    sort: Annotated[
        Sort,
        Meta(
            description="`price` and `unitPrice` begin with the cheapest, "
            "`priceDescending` with the dearest, `rating` with the best."
        ),
    ] = "relevance"
    cursor: SearchCursor | None = None
    explain: Annotated[
        bool, Meta(description="Whether each hit's score and reasons are told too.")
    ] = False


class DetailsInput(Wire, frozen=True, kw_only=True):
    """Which product."""

    product_id: Annotated[ProductId, Meta(min_length=1, max_length=100)]
    include_real_time: Annotated[
        bool,
        Meta(
            description="Whether the shop is asked for the price first: an outside request, "
            "made only where a live source is set up and no fresh price is known."
        ),
    ] = False


class SuggestInput(Wire, frozen=True, kw_only=True):
    """What has been typed so far."""

    query: Annotated[str, Meta(min_length=1, max_length=200)]
    limit: Annotated[int, Meta(ge=1, le=20)] = 10
