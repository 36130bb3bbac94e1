"""What happens to a line of a list whose product is gone: the chain its owner chose."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from manciple.grocery.domain.likenesses import Proposal
from manciple.grocery.domain.lists import ListItem
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import total
from manciple.kit.errors import InvalidInput


class Fallback(StrEnum):
    """Nothing; these products in their order; only the same size; whatever the owner picks."""

    NEVER = "never"
    THESE = "these"
    SAME_SIZE = "same_size"
    ASK = "ask"


class FallbackEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What a line becomes by a choice: its two fields, and whether the size must be the same."""

    substitution_allowed: bool
    substitutes: tuple[str, ...]
    same_size: bool


class Fallen(msgspec.Struct, frozen=True, kw_only=True):
    """What the chain comes to: `named` are the line's own products, else there are proposals.

    `needs_asking` is true where the owner must pick, or say no, before anything is taken.
    """

    rule: Fallback
    named: tuple[Product, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    needs_asking: bool


def rule_of(item: ListItem, *, same_size: bool) -> Fallback:
    """Which rule holds for a line."""
    if not item.substitution_allowed:
        return Fallback.NEVER
    if item.substitutes:
        return Fallback.THESE
    return Fallback.SAME_SIZE if same_size else Fallback.ASK


def chosen(rule: Fallback, products: Sequence[str]) -> FallbackEdit:
    """What a line becomes where its owner chooses a rule.

    Raises:
        InvalidInput: "these" without products, or products with another rule.
    """
    if (rule is Fallback.THESE) != bool(products):
        raise InvalidInput.at("products", 'must be given for the rule "these", and only then')
    return FallbackEdit(
        substitution_allowed=rule is not Fallback.NEVER,
        substitutes=tuple(products),
        same_size=rule is Fallback.SAME_SIZE,
    )


def fallen(
    rule: Fallback,
    item: ListItem,
    *,
    known: Mapping[str, Product],
    proposals: Sequence[Proposal],
) -> Fallen:
    """What the chain comes to, given the products that are known and what is proposed.

    Of the line's own products those that are out of stock are passed over; where none is left, the
    owner is asked. A same size is taken unasked only if the thing is nearly the same.
    """
    if rule is Fallback.NEVER:
        return Fallen(rule=rule, needs_asking=False)
    if rule is Fallback.THESE:
        found = (known[id_] for id_ in item.substitutes if id_ in known)
        named = tuple(product for product in found if product.in_stock is not False)
        return Fallen(rule=rule, named=named, needs_asking=not named)
    source = known.get(item.product_id or "")
    if rule is Fallback.SAME_SIZE and source is not None:
        same = tuple(each for each in proposals if is_same_size(source, each.product))
        is_sure = bool(same) and same[0].score >= UNASKED
        return Fallen(rule=rule, proposals=same, needs_asking=bool(same) and not is_sure)
    return Fallen(rule=rule, proposals=tuple(proposals), needs_asking=True)


# Scores from here on were judged as taken without asking, in bench/substitutions.
UNASKED = 0.85
# Labels round: 15.25 oz and 15.5 oz are one size to a shopper, 15 oz and 16 oz are not.
_SIZE_TOLERANCE = 0.03


def is_same_size(one: Product, other: Product) -> bool:
    """Whether both state sizes that are the same to a shopper; unknown is not."""
    if one.size is None or other.size is None:
        return False
    sizes = total(one.size), total(other.size)
    if sizes[0].dimension is not sizes[1].dimension or not sizes[0].amount:
        return False
    return abs(float(sizes[1].ratio(sizes[0])) - 1) <= _SIZE_TOLERANCE
