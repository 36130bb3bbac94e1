"""Substitutes for a product, and your word on them. The household is always the signed-in one."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from manciple.api.amounts import optional_cents
from manciple.api.context import Context
from manciple.api.ids import OwnId, ProductId
from manciple.api.shapes_products import ProductShape, product_shape
from manciple.grocery.actions.substitute import MOST_PROPOSALS, FoundSubstitutes, WantedSubstitute
from manciple.grocery.domain.likenesses import Likeness, Proposal
from manciple.grocery.domain.substitution_wishes import Verdict
from manciple.kit.errors import InvalidInput
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartGrocery")

Brands = Annotated[
    tuple[str, ...],
    Meta(max_length=100, description="Names of brands, added to those of your preferences."),
]
Threshold = Annotated[
    float,
    Meta(
        ge=0,
        le=1,
        description="The least `similarity`; null: 0.4, or less where few are so alike.",
    ),
]


class DifferenceShape(Wire, frozen=True, kw_only=True):
    """One way in which the substitute differs, and the share of the score that this leaves."""

    what: str
    left: float


class SubstituteShape(ProductShape, frozen=True, kw_only=True):
    """A product that may go into the bag instead.

    `similarity` is the product of what the `differences` leave, moved by what your household said
    and likes; from 0.85 most shoppers take it unasked, from 0.4 with a note.
    """

    similarity: float
    differences: tuple[DifferenceShape, ...]


class WithheldShape(Wire, frozen=True, kw_only=True):
    """How many products were alike enough and left out for one reason."""

    reason: str
    count: int


class FindSubstitutionsInput(Wire, frozen=True, kw_only=True):
    """The product that is gone, and what matters of a substitute."""

    product_id: ProductId
    user_id: OwnId | None = None
    similarity_threshold: Threshold | None = None
    max_price_difference: Annotated[
        Decimal | None,
        Meta(
            description="In dollars, either way; a product without a known price is then left out."
        ),
    ] = None
    preferred_brands: Brands = ()
    avoid_brands: Brands = ()
    limit: Annotated[int, Meta(ge=1, le=MOST_PROPOSALS)] = 10


class SubstitutionsAnswer(Wire, frozen=True, kw_only=True):
    """The substitutes, best first; none where nothing acceptable is known."""

    success: bool
    substitutions: tuple[SubstituteShape, ...]
    count: int
    left_out: tuple[WithheldShape, ...]


class VerdictInput(Wire, frozen=True, kw_only=True):
    """A product and a substitute for it."""

    product_id: ProductId
    substitute_id: Annotated[
        str, Meta(description="The `productId` of what would be bought instead.")
    ]
    user_id: OwnId | None = None


class VerdictAnswer(Wire, frozen=True, kw_only=True):
    """What is remembered now, and how alike the two products are by themselves."""

    success: bool
    verdict: Literal["accepted", "refused"] | None
    similarity: float | None


@router.query("findSubstitutions", needs=Grant.READ, is_tool=True)
async def find_substitutions(ctx: Context, wanted: FindSubstitutionsInput) -> SubstitutionsAnswer:
    """What may go into the bag instead of a product, best first, with the reasons.

    Same use first, then diet, form, size, flavor, brand, price. What the product promises, and what
    your household cannot eat, a substitute must promise in words; unknown counts as broken.
    """
    most = optional_cents("maxPriceDifference", wanted.max_price_difference)
    if most is not None and most < 0:
        raise InvalidInput.at("maxPriceDifference", "must not be negative")
    found = await ctx.substitutes.find(
        ctx.principal.acting_for(wanted.user_id),
        WantedSubstitute(
            product_id=wanted.product_id,
            at_least=wanted.similarity_threshold,
            most_cents_apart=most,
            preferred_brands=wanted.preferred_brands,
            avoided_brands=wanted.avoid_brands,
            limit=wanted.limit,
        ),
    )
    return _answer(found)


@router.mutation("acceptSubstitution", needs=Grant.WRITE, is_tool=True)
async def accept_substitution(ctx: Context, wanted: VerdictInput) -> VerdictAnswer:
    """Remembered: your household takes this substitute; it comes first from now on."""
    return await _said(ctx, wanted, Verdict.ACCEPTED)


@router.mutation("refuseSubstitution", needs=Grant.WRITE, is_tool=True)
async def refuse_substitution(ctx: Context, wanted: VerdictInput) -> VerdictAnswer:
    """Remembered: your household does not take this substitute; it is not proposed again."""
    return await _said(ctx, wanted, Verdict.REFUSED)


@router.mutation("forgetSubstitution", needs=Grant.WRITE)
async def forget_substitution(ctx: Context, wanted: VerdictInput) -> VerdictAnswer:
    """Your word on this substitute taken back, if there was one."""
    owner = ctx.principal.acting_for(wanted.user_id)
    forgotten = await ctx.substitutes.forget(
        owner, original_id=wanted.product_id, substitute_id=wanted.substitute_id
    )
    return VerdictAnswer(success=forgotten, verdict=None, similarity=None)


async def _said(ctx: Context, wanted: VerdictInput, verdict: Verdict) -> VerdictAnswer:
    alike = await ctx.substitutes.say(
        ctx.principal.acting_for(wanted.user_id),
        verdict,
        original_id=wanted.product_id,
        substitute_id=wanted.substitute_id,
    )
    said: Literal["accepted", "refused"]
    said = "accepted" if verdict is Verdict.ACCEPTED else "refused"
    return VerdictAnswer(success=True, verdict=said, similarity=_share(alike.score))


def _answer(found: FoundSubstitutes) -> SubstitutionsAnswer:
    shapes = tuple(substitute_shape(proposal) for proposal in found.proposals)
    left_out = tuple(WithheldShape(reason=reason, count=count) for reason, count in found.left_out)
    return SubstitutionsAnswer(
        success=True, substitutions=shapes, count=len(shapes), left_out=left_out
    )


def substitute_shape(proposal: Proposal) -> SubstituteShape:
    """The proposal as clients see it."""
    return SubstituteShape(
        **msgspec.structs.asdict(product_shape(proposal.product)),
        similarity=_share(proposal.score),
        differences=_differences(proposal.likeness),
    )


def _differences(alike: Likeness) -> tuple[DifferenceShape, ...]:
    """The differences, the weightiest first."""
    ordered: Sequence[DifferenceShape] = [
        DifferenceShape(what=each.what, left=_share(each.left)) for each in alike.differences
    ]
    return tuple(sorted(ordered, key=lambda each: each.left))


def _share(score: float) -> float:
    return round(score, 4)
