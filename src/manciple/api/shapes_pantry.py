"""The pantry and the staples on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from manciple.api.amounts import Quantity
from manciple.api.ids import ListId, ProductId
from manciple.api.shapes_lists import AddOutcome, GroceryListShape
from manciple.api.shapes_lists import quantity_of as quantity
from manciple.grocery.actions.fill_from_home import DEFAULT_AHEAD_DAYS, MAX_AHEAD_DAYS
from manciple.grocery.actions.stock_pantry import Stocked
from manciple.grocery.domain.pantry import Movement, MovementKind
from manciple.grocery.domain.staples import MAX_EVERY_DAYS, Staple
from manciple.platform.rpc.procedure import Wire


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


class PantryHistoryAnswer(Wire, frozen=True, kw_only=True):
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
    """A product by its id, or words in `text`."""

    product_id: ProductId | None = None
    text: Annotated[str | None, Meta(description="Your own words; needed without `productId`.")] = (
        None
    )
    unit: Annotated[
        str | None,
        Meta(description="In what the thing is counted, such as `lb`; null stands for packages."),
    ] = None


class MoveInput(ThingInput, frozen=True, kw_only=True):
    """What happened to the thing."""

    kind: Literal["bought", "used", "wasted", "counted"]
    quantity: Annotated[
        Decimal, Meta(description="How much of it, in `unit`; of `counted`, how much there is.")
    ]
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
    """Which list, and what to fill it from."""

    list_id: ListId
    pantry: Annotated[bool, Meta(description="Whether to add what is short at home.")] = True
    staples: Annotated[bool, Meta(description="Whether to add staples that fall due.")] = True
    ahead_days: Annotated[
        int,
        Meta(ge=0, le=MAX_AHEAD_DAYS, description="Staples due within so many days count too."),
    ] = DEFAULT_AHEAD_DAYS


def pantry_item(found: Stocked) -> PantryItemShape:
    """A thing at home, and what is short of it."""
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


def movement_shape(movement: Movement) -> MovementShape:
    """What came in or went out."""
    return MovementShape(
        id=movement.movement_id,
        change=quantity(movement.change_thousandths),
        kind=movement.kind,
        note=movement.note,
        undoes=movement.undoes,
        at=movement.at,
    )


def staple_shape(staple: Staple) -> StapleShape:
    """What is bought again and again."""
    return StapleShape(
        id=staple.staple_id,
        product_id=staple.product_id,
        name=staple.name,
        quantity=quantity(staple.quantity_thousandths),
        unit=staple.unit,
        every_days=staple.every_days,
        due_at=staple.due_at,
    )
