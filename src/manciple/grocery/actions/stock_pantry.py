"""What is at home: kinds of movement, minimums, undo."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from manciple.grocery.domain.list_filling import Unfit, clean_unit, thousandths
from manciple.grocery.domain.lists import MAX_TEXT_CHARS, clean_text
from manciple.grocery.domain.pantry import (
    MAX_PANTRY_ITEMS,
    Movement,
    MovementKind,
    PantryItem,
    change_for,
    change_to_undo,
    shortage,
)
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, NotFound, Refused
from manciple.kit.ids import new_id

ITEM_PREFIX = "pantry"
MAX_MOVEMENTS_SHOWN = 200


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody means: a product by its id, or words; in a unit, or in packages."""

    product_id: str | None = None
    text: str | None = None
    unit: str | None = None


class Stocked(msgspec.Struct, frozen=True, kw_only=True):
    """A thing with how much of it there is, and how much is missing to its minimum."""

    item: PantryItem
    stock_thousandths: int
    short_thousandths: int


class StockPantry:
    """What a person does with their pantry; `owner` is always the signed-in person."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    async def all(self, owner: str) -> tuple[Stocked, ...]:
        """Everything kept at home with its stock, by name."""
        return await self._stores.read(lambda tx: stocked(tx, tx.pantry.all(owner)))

    async def move(
        self,
        owner: str,
        thing: Thing,
        *,
        kind: MovementKind,
        quantity: Decimal,
        note: str | None = None,
    ) -> Stocked:
        """The thing after it was bought, used, wasted or counted; kept from now on if it is new.

        Raises:
            InvalidInput: the quantity or the unit does not fit, or nothing is named.
            NotFound: there is no such product.
            Refused: more is taken out than is there, or the pantry is full.
        """
        amount = _amount(quantity, may_be_zero=kind is MovementKind.COUNTED)
        item_id = new_id(ITEM_PREFIX, self._clock)

        def work(tx: Transaction) -> Stocked:
            item = ensure_item(tx, owner, thing, item_id=item_id)
            move_stock(tx, item, kind=kind, amount_thousandths=amount, note=note)
            return stocked(tx, [item])[0]

        return await self._stores.write(work)

    async def set_minimum(self, owner: str, thing: Thing, *, minimum: Decimal | None) -> Stocked:
        """The thing with how much of it is enough; None: no minimum any more.

        Raises:
            InvalidInput: the minimum or the unit does not fit, or nothing is named.
            NotFound: there is no such product.
            Refused: the pantry is full.
        """
        amount = None if minimum is None else _amount(minimum, may_be_zero=True)
        item_id = new_id(ITEM_PREFIX, self._clock)

        def work(tx: Transaction) -> Stocked:
            item = ensure_item(tx, owner, thing, item_id=item_id)
            tx.pantry.set_minimum(item.item_id, amount)
            return stocked(tx, [tx.pantry.by_id(item.item_id, owner=owner)])[0]

        return await self._stores.write(work)

    async def history(self, owner: str, item_id: str) -> tuple[Movement, ...]:
        """The last movements of a thing, newest first.

        Raises:
            NotFound: the owner keeps no such thing.
        """

        def work(tx: Transaction) -> tuple[Movement, ...]:
            item = tx.pantry.by_id(item_id, owner=owner)
            return tuple(tx.pantry.movements(item.item_id, limit=MAX_MOVEMENTS_SHOWN))

        return await self._stores.read(work)

    async def undo(self, owner: str, item_id: str) -> Stocked:
        """The thing with its last movement taken back; may be repeated.

        Raises:
            NotFound: the owner keeps no such thing.
            Refused: there is nothing to undo, or what came in is used up.
        """

        def work(tx: Transaction) -> Stocked:
            item = tx.pantry.by_id(item_id, owner=owner)
            last = tx.pantry.last_to_undo(item_id)
            if last is None:
                raise Refused("There is nothing to undo")
            stock = tx.pantry.stocks([item_id]).get(item_id, 0)
            change = change_to_undo(last, stock_thousandths=stock)
            tx.pantry.move(item_id, change, kind=MovementKind.UNDONE, undoes=last.movement_id)
            return stocked(tx, [item])[0]

        return await self._stores.write(work)

    async def forget(self, owner: str, item_id: str) -> None:
        """Returns when the thing and its whole history are gone.

        Raises:
            NotFound: the owner keeps no such thing.
        """

        def work(tx: Transaction) -> None:
            tx.pantry.forget(tx.pantry.by_id(item_id, owner=owner).item_id)

        await self._stores.write(work)


def stocked(tx: Transaction, items: Sequence[PantryItem]) -> tuple[Stocked, ...]:
    """The things with their stocks; one read for all."""
    stocks = tx.pantry.stocks([item.item_id for item in items])
    return tuple(
        Stocked(
            item=item,
            stock_thousandths=stocks.get(item.item_id, 0),
            short_thousandths=shortage(
                item, stock_thousandths=stocks.get(item.item_id, 0), coming_thousandths=0
            ),
        )
        for item in items
    )


def ensure_item(tx: Transaction, owner: str, thing: Thing, *, item_id: str) -> PantryItem:
    """The owner's entry of the thing, made under `item_id` if it is new.

    Raises:
        InvalidInput: nothing is named, or the unit does not fit.
        NotFound: there is no such product.
        Refused: the pantry is full.
    """
    product_id, name, unit = named(tx, thing)
    new = PantryItem(
        item_id=item_id,
        product_id=product_id,
        name=name,
        unit=unit,
        minimum_thousandths=None,
        created_at=tx.now,
    )
    found = tx.pantry.same(owner, new)
    if found is not None:
        return found
    if len(tx.pantry.all(owner)) >= MAX_PANTRY_ITEMS:
        raise Refused(f"The pantry holds {MAX_PANTRY_ITEMS} things; forget one first")
    tx.users.ensure(owner, display_name=owner)
    tx.pantry.add(owner, new)
    return new


def move_stock(
    tx: Transaction,
    item: PantryItem,
    *,
    kind: MovementKind,
    amount_thousandths: int,
    note: str | None,
) -> None:
    """Writes one movement; a count that finds what the ledger says writes none.

    Raises:
        Refused: more is taken out than is there.
    """
    stock = tx.pantry.stocks([item.item_id]).get(item.item_id, 0)
    change = change_for(kind, amount_thousandths, stock_thousandths=stock)
    if change:
        text = clean_text(note or "")[:MAX_TEXT_CHARS] or None
        tx.pantry.move(item.item_id, change, kind=kind, note=text)


def named(tx: Transaction, thing: Thing) -> tuple[str | None, str, str | None]:
    """The product's id (None for words), the name and the unit that somebody means.

    Raises:
        InvalidInput: nothing is named, or the unit does not fit.
        NotFound: there is no such product.
    """
    try:
        unit = clean_unit(thing.unit)
    except Unfit as unfit:
        raise InvalidInput.at("unit", unfit.problem) from unfit
    if thing.product_id is not None:
        product = tx.products.by_ids([thing.product_id]).get(thing.product_id)
        if product is None:
            raise NotFound("product", thing.product_id)
        return thing.product_id, product.name, unit
    text = clean_text(thing.text or "")
    if not text or len(text) > MAX_TEXT_CHARS:
        raise InvalidInput.at("text", f"name a product, or write 1 to {MAX_TEXT_CHARS} characters")
    return None, text, unit


def _amount(quantity: Decimal, *, may_be_zero: bool) -> int:
    if may_be_zero and quantity.is_zero():
        return 0
    try:
        return thousandths(quantity)
    except Unfit as unfit:
        raise InvalidInput.at("quantity", unfit.problem) from unfit
