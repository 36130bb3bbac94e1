"""The pantry and the staples: what is at home, what is short, what is bought again and again."""

from manciple.api.budgets import Forgotten
from manciple.api.context import Context
from manciple.api.instants import instant
from manciple.api.shapes_lists import list_shape, outcome_shape
from manciple.api.shapes_pantry import (
    FilledAnswer,
    FillListInput,
    MinimumInput,
    MoveInput,
    PantryAnswer,
    PantryHistoryAnswer,
    PantryItemInput,
    PantryItemShape,
    StapleInput,
    StaplesAnswer,
    StapleShape,
    ThingInput,
    movement_shape,
    pantry_item,
    staple_shape,
)
from manciple.grocery.actions.stock_pantry import Thing
from manciple.grocery.domain.pantry import MovementKind
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("pantry")


@router.query("get", needs=Grant.READ, is_tool=True)
async def get_pantry(ctx: Context) -> PantryAnswer:
    """What you have at home, and what is short."""
    found = await ctx.pantry.all(ctx.principal.acting_for())
    return PantryAnswer(items=tuple(pantry_item(one) for one in found))


@router.mutation("move", needs=Grant.WRITE, is_tool=True)
async def move(ctx: Context, wanted: MoveInput) -> PantryItemShape:
    """The thing after it was bought, used, wasted or counted; a new one is kept from now on."""
    return pantry_item(
        await ctx.pantry.move(
            ctx.principal.acting_for(),
            _thing(wanted),
            kind=MovementKind(wanted.kind),
            quantity=wanted.quantity,
            note=wanted.note,
        )
    )


@router.mutation("setMinimum", needs=Grant.WRITE)
async def set_minimum(ctx: Context, wanted: MinimumInput) -> PantryItemShape:
    """The thing with how much of it is enough."""
    return pantry_item(
        await ctx.pantry.set_minimum(
            ctx.principal.acting_for(), _thing(wanted), minimum=wanted.minimum
        )
    )


@router.query("history", needs=Grant.READ)
async def history(ctx: Context, wanted: PantryItemInput) -> PantryHistoryAnswer:
    """The last movements of a thing."""
    found = await ctx.pantry.history(ctx.principal.acting_for(), wanted.id)
    return PantryHistoryAnswer(movements=tuple(movement_shape(one) for one in found))


@router.mutation("undo", needs=Grant.WRITE)
async def undo(ctx: Context, wanted: PantryItemInput) -> PantryItemShape:
    """The thing with its last movement taken back; asked again, the one before."""
    return pantry_item(await ctx.pantry.undo(ctx.principal.acting_for(), wanted.id))


@router.mutation("forget", needs=Grant.WRITE)
async def forget(ctx: Context, wanted: PantryItemInput) -> Forgotten:
    """That the thing and its history are gone."""
    await ctx.pantry.forget(ctx.principal.acting_for(), wanted.id)
    return Forgotten(success=True)


@router.query("staples", needs=Grant.READ)
async def get_staples(ctx: Context) -> StaplesAnswer:
    """What you buy again and again."""
    found = await ctx.from_home.staples(ctx.principal.acting_for())
    return StaplesAnswer(staples=tuple(staple_shape(one) for one in found))


@router.mutation("keepStaple", needs=Grant.WRITE)
async def keep_staple(ctx: Context, wanted: StapleInput) -> StapleShape:
    """The staple, in place of one of the same thing."""
    return staple_shape(
        await ctx.from_home.keep_staple(
            ctx.principal.acting_for(),
            _thing(wanted),
            quantity=wanted.quantity,
            every_days=wanted.every_days,
            due_at=instant("dueAt", wanted.due_at),
        )
    )


@router.mutation("removeStaple", needs=Grant.WRITE)
async def remove_staple(ctx: Context, wanted: PantryItemInput) -> Forgotten:
    """That the staple is forgotten."""
    await ctx.from_home.remove_staple(ctx.principal.acting_for(), wanted.id)
    return Forgotten(success=True)


@router.mutation("fillList", needs=Grant.WRITE, is_tool=True)
async def fill_list(ctx: Context, wanted: FillListInput) -> FilledAnswer:
    """The list with what is short at home and the staples that fall due.

    What is open on it counts, so a second call adds nothing.
    """
    filled = await ctx.from_home.fill(
        ctx.principal.acting_for(),
        wanted.list_id,
        with_pantry=wanted.pantry,
        with_staples=wanted.staples,
        ahead_days=wanted.ahead_days,
    )
    results = tuple(outcome_shape(one) for one in filled.outcomes)
    return FilledAnswer(
        success=all(one.reason is None for one in results),
        results=results,
        from_pantry=filled.from_pantry,
        from_staples=filled.from_staples,
        list=list_shape(filled.seen),
    )


def _thing(wanted: ThingInput) -> Thing:
    return Thing(product_id=wanted.product_id, text=wanted.text, unit=wanted.unit)
