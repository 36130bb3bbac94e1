"""The pantry and the staples: what is at home, what is short, what is bought again and again."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from manciple.api.amounts import Quantity
from manciple.api.budgets import Forgotten
from manciple.api.context import Context
from manciple.api.instants import instant
from manciple.api.shapes_lists import AddOutcome, GroceryListShape, list_shape, outcome_shape
from manciple.api.shapes_lists import quantity_of as quantity
from manciple.grocery.actions.fill_from_home import DEFAULT_AHEAD_DAYS, MAX_AHEAD_DAYS
from manciple.grocery.actions.stock_pantry import Stocked, Thing
from manciple.grocery.domain.pantry import Movement, MovementKind
from manciple.grocery.domain.staples import MAX_EVERY_DAYS, Staple
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("pantry")


class PantryItemShape(Wire, frozen=True, kw_only=True):
    """One thing at home; `short` is how much to buy to have its minimum again."""

    id: str
    product_id: str | None
    name: str
    unit: str | None
    stock: Quantity
    minimum: Quantity | None
    short: Quantity


class PantryAnswer(Wire, frozen=True, kw_only=True):
    """Everything kept at home, by name."""

    items: tuple[PantryItemShape, ...]


class MovementShape(Wire, frozen=True, kw_only=True):
    """One change of stock; `undoes` is the movement that it takes back."""

    id: int
    change: Quantity
    kind: MovementKind
    note: str | None
    undoes: int | None
    at: datetime


class HistoryAnswer(Wire, frozen=True, kw_only=True):
    """The last movements of a thing, newest first; stock is the sum of all there ever were."""

    movements: tuple[MovementShape, ...]


class StapleShape(Wire, frozen=True, kw_only=True):
    """So much of one thing every so many days; `dueAt` is when it is wanted next."""

    id: str
    product_id: str | None
    name: str
    quantity: Quantity
    unit: str | None
    every_days: int
    due_at: datetime


class StaplesAnswer(Wire, frozen=True, kw_only=True):
    """Your staples, the one due first first."""

    staples: tuple[StapleShape, ...]


class FilledAnswer(Wire, frozen=True, kw_only=True):
    """What was put on the list, and why; `success` if nothing was refused."""

    success: bool
    results: tuple[AddOutcome, ...]
    from_pantry: int
    from_staples: int
    list: GroceryListShape


class ThingInput(Wire, frozen=True, kw_only=True):
    """A product by its id, or words; `unit` left out stands for packages."""

    product_id: str | None = None
    text: str | None = None
    unit: str | None = None


class MoveInput(ThingInput, frozen=True, kw_only=True):
    """What happened to so much of the thing; of `counted`, how much there is."""

    kind: Literal["bought", "used", "wasted", "counted"]
    quantity: Decimal
    note: str | None = None


class MinimumInput(ThingInput, frozen=True, kw_only=True):
    """How much of it is enough; null: no minimum any more."""

    minimum: Decimal | None


class PantryItemInput(Wire, frozen=True, kw_only=True):
    """Which thing."""

    id: str


class StapleInput(ThingInput, frozen=True, kw_only=True):
    """So much of the thing every so many days, first at `dueAt` (now)."""

    every_days: Annotated[int, Meta(ge=1, le=MAX_EVERY_DAYS)]
    quantity: Decimal = Decimal(1)
    due_at: Annotated[datetime, Meta(tz=True)] | None = None


class FillListInput(Wire, frozen=True, kw_only=True):
    """Which list, and what to fill it from; staples that fall due within `aheadDays` count."""

    list_id: str
    pantry: bool = True
    staples: bool = True
    ahead_days: Annotated[int, Meta(ge=0, le=MAX_AHEAD_DAYS)] = DEFAULT_AHEAD_DAYS


@router.query("get", needs=Grant.READ, is_tool=True)
async def get_pantry(ctx: Context) -> PantryAnswer:
    """What you have at home, and what is short."""
    found = await ctx.pantry.all(ctx.principal.acting_for())
    return PantryAnswer(items=tuple(_item(one) for one in found))


@router.mutation("move", needs=Grant.WRITE, is_tool=True)
async def move(ctx: Context, wanted: MoveInput) -> PantryItemShape:
    """The thing after it was bought, used, wasted or counted; a new one is kept from now on."""
    return _item(
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
    return _item(
        await ctx.pantry.set_minimum(
            ctx.principal.acting_for(), _thing(wanted), minimum=wanted.minimum
        )
    )


@router.query("history", needs=Grant.READ)
async def history(ctx: Context, wanted: PantryItemInput) -> HistoryAnswer:
    """The last movements of a thing."""
    found = await ctx.pantry.history(ctx.principal.acting_for(), wanted.id)
    return HistoryAnswer(movements=tuple(_movement(one) for one in found))


@router.mutation("undo", needs=Grant.WRITE)
async def undo(ctx: Context, wanted: PantryItemInput) -> PantryItemShape:
    """The thing with its last movement taken back; asked again, the one before."""
    return _item(await ctx.pantry.undo(ctx.principal.acting_for(), wanted.id))


@router.mutation("forget", needs=Grant.WRITE)
async def forget(ctx: Context, wanted: PantryItemInput) -> Forgotten:
    """That the thing and its history are gone."""
    await ctx.pantry.forget(ctx.principal.acting_for(), wanted.id)
    return Forgotten(success=True)


@router.query("staples", needs=Grant.READ)
async def get_staples(ctx: Context) -> StaplesAnswer:
    """What you buy again and again."""
    found = await ctx.from_home.staples(ctx.principal.acting_for())
    return StaplesAnswer(staples=tuple(_staple(one) for one in found))


@router.mutation("keepStaple", needs=Grant.WRITE)
async def keep_staple(ctx: Context, wanted: StapleInput) -> StapleShape:
    """The staple, in place of one of the same thing."""
    return _staple(
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


def _item(found: Stocked) -> PantryItemShape:
    item = found.item
    minimum = item.minimum_thousandths
    return PantryItemShape(
        id=item.item_id,
        product_id=item.product_id,
        name=item.name,
        unit=item.unit,
        stock=quantity(found.stock_thousandths),
        minimum=None if minimum is None else quantity(minimum),
        short=quantity(found.short_thousandths),
    )


def _movement(movement: Movement) -> MovementShape:
    return MovementShape(
        id=movement.movement_id,
        change=quantity(movement.change_thousandths),
        kind=movement.kind,
        note=movement.note,
        undoes=movement.undoes,
        at=movement.at,
    )


def _staple(staple: Staple) -> StapleShape:
    return StapleShape(
        id=staple.staple_id,
        product_id=staple.product_id,
        name=staple.name,
        quantity=quantity(staple.quantity_thousandths),
        unit=staple.unit,
        every_days=staple.every_days,
        due_at=staple.due_at,
    )
