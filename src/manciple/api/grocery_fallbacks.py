"""What to do with a line of a list whose product is gone: choose the rule, see what it comes to."""

from typing import Annotated

from msgspec import Meta

from manciple.api.context import Context
from manciple.api.grocery_substitutions import SubstituteShape, substitute_shape
from manciple.api.ids import ItemId, ListId
from manciple.api.list_inputs import Version
from manciple.api.shapes_lists import ListAnswer, list_answer
from manciple.api.shapes_products import ProductShape, product_shape
from manciple.grocery.domain.fallbacks import Fallback
from manciple.grocery.domain.lists import MAX_SUBSTITUTES
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("walmartGrocery")


class SetFallbackInput(Wire, frozen=True, kw_only=True):
    """The rule for one line."""

    list_id: ListId
    item_id: ItemId
    rule: Fallback
    products: Annotated[
        tuple[str, ...],
        Meta(
            max_length=MAX_SUBSTITUTES,
            description="For the rule `these` only: the `productId` of each, best first.",
        ),
    ] = ()
    version: Version = None


class FallbackInput(Wire, frozen=True, kw_only=True):
    """One line of one of your lists."""

    list_id: ListId
    item_id: ItemId


class FallbackAnswer(Wire, frozen=True, kw_only=True):
    """What stands in for the line, best first: `named` products of yours, else `proposals`.

    Where `needsAsking` is true, nothing may be taken before you pick; where it is false, the first
    one may, or, if there is none, the line stays out.
    """

    success: bool
    rule: Fallback
    named: tuple[ProductShape, ...]
    proposals: tuple[SubstituteShape, ...]
    needs_asking: bool


@router.mutation("setItemFallback", needs=Grant.WRITE, is_tool=True)
async def set_item_fallback(ctx: Context, wanted: SetFallbackInput) -> ListAnswer:
    """The list with what to do where a line's product is gone: never, these, same_size or ask."""
    owner = ctx.principal.acting_for()
    return list_answer(
        await ctx.fallbacks.choose(
            owner,
            wanted.list_id,
            item_id=wanted.item_id,
            rule=wanted.rule,
            products=wanted.products,
            version=wanted.version,
        )
    )


@router.query("getItemFallback", needs=Grant.READ, is_tool=True)
async def get_item_fallback(ctx: Context, wanted: FallbackInput) -> FallbackAnswer:
    """What stands in for a line of your list whose product is gone, by the line's own rule."""
    owner = ctx.principal.acting_for()
    found = await ctx.fallbacks.see(owner, wanted.list_id, item_id=wanted.item_id)
    return FallbackAnswer(
        success=True,
        rule=found.rule,
        named=tuple(product_shape(product) for product in found.named),
        proposals=tuple(substitute_shape(proposal) for proposal in found.proposals),
        needs_asking=found.needs_asking,
    )
