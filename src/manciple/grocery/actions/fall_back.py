"""Decides what stands in for a line of a list whose product is gone, as its owner chose."""

from manciple.grocery.actions.lists import SeenList, change
from manciple.grocery.actions.substitute import FoundSubstitutes, Substitute, WantedSubstitute
from manciple.grocery.domain.fallbacks import (
    Fallback,
    FallbackEdit,
    Fallen,
    chosen,
    fallen,
    rule_of,
)
from manciple.grocery.domain.list_edits import ItemEdit, edit_item
from manciple.grocery.domain.lists import GroceryList, ListItem
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.sharing import Access
from manciple.grocery.stores.stores import Stores, Transaction
from manciple.kit.errors import InvalidInput, NotFound


class FallBack:
    """Verbs of the chain never, these, same size, ask; `owner` is the signed-in person."""

    def __init__(self, stores: Stores, substitutes: Substitute) -> None:
        self._stores = stores
        self._substitutes = substitutes

    async def choose(
        self,
        owner: str,
        list_id: str,
        *,
        item_id: str,
        rule: Fallback,
        products: tuple[str, ...] = (),
        version: int | None = None,
    ) -> SeenList:
        """The list with the rule of one line changed, in one step that can be undone.

        Raises:
            NotFound: there is no such list or line.
            Conflict: the list is not at `version`.
            InvalidInput: a product is unknown, or given for another rule than "these".
            Refused: the list is archived.
        """
        edit = chosen(rule, products)
        return await self._stores.write(
            lambda tx: _keep(tx, owner, list_id, item_id=item_id, edit=edit, version=version)
        )

    async def see(self, owner: str, list_id: str, *, item_id: str) -> Fallen:
        """What the chain of a line comes to now.

        Raises:
            NotFound: there is no such list or line.
        """
        item, rule, known = await self._stores.read(
            lambda tx: _looked_up(tx, owner, list_id, item_id=item_id)
        )
        found: FoundSubstitutes | None = None
        if rule in (Fallback.SAME_SIZE, Fallback.ASK) and item.product_id in known:
            wanted = WantedSubstitute(product_id=item.product_id or "")
            found = await self._substitutes.find(owner, wanted)
        return fallen(rule, item, known=known, proposals=found.proposals if found else ())


def _keep(
    tx: Transaction,
    owner: str,
    list_id: str,
    *,
    item_id: str,
    edit: FallbackEdit,
    version: int | None,
) -> SeenList:
    found = tx.lists.by_id(list_id, who=owner, needs=Access.WRITE)
    unknown = set(edit.substitutes) - set(tx.products.by_ids(edit.substitutes))
    if unknown:
        raise InvalidInput.at("products", f"no product {min(unknown)!r}")

    def edited(before: GroceryList) -> GroceryList:
        fields = ItemEdit(
            substitution_allowed=edit.substitution_allowed, substitutes=edit.substitutes
        )
        return edit_item(before, item_id, edit=fields, at=tx.now)

    seen = change(tx, found, by=owner, kind="item_edited", edit=edited, version=version)
    tx.substitutions.keep_same_size(item_id, wanted=edit.same_size)
    return seen


def _looked_up(
    tx: Transaction, owner: str, list_id: str, *, item_id: str
) -> tuple[ListItem, Fallback, dict[str, Product]]:
    items = tx.lists.by_id(list_id, who=owner).items
    item = next((each for each in items if each.item_id == item_id), None)
    if item is None:
        raise NotFound("list item", item_id)
    rule = rule_of(item, same_size=tx.substitutions.same_size_only(item_id))
    ids = [*item.substitutes, *([item.product_id] if item.product_id else [])]
    return item, rule, tx.products.by_ids(ids)
