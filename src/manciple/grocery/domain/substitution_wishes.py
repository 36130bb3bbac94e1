"""What somebody wants of a substitute beyond its likeness: diets, brands, price, their own word."""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from manciple.grocery.domain.likeness_profiles import Profile, brand_key
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.words import plain


class Verdict(StrEnum):
    """What a household said to a proposal."""

    ACCEPTED = "accepted"
    REFUSED = "rejected"


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one search. Diets and allergens are names such as "gluten-free", "peanuts".

    `most_cents_apart` bounds the difference of the prices, and leaves out what has none.
    `verdicts` are this household's own words on earlier proposals for the same product.
    """

    preferred_brands: tuple[str, ...] = ()
    avoided_brands: tuple[str, ...] = ()
    diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    most_cents_apart: int | None = None
    verdicts: Mapping[str, Verdict] = {}


# A brand that is not among the preferred ones stands behind an equal one that is.
_OTHER_BRAND = 0.8
# What was accepted once for the same product is nearly as good as it can be.
_ACCEPTED_GAIN = 0.9

_PROMISE_OF = {
    "gluten": "gluten_free",
    "wheat": "gluten_free",
    "celiac": "gluten_free",
    "dairy": "dairy_free",
    "milk": "dairy_free",
    "lactose": "lactose_free",
    "vegan": "vegan",
    "plant": "vegan",
    "vegetarian": "vegetarian",
    "egg": "egg_free",
    "peanut": "nut_free",
    "nut": "nut_free",
    "soy": "soy_free",
    "sugar": "sugar_free",
    "keto": "keto",
    "paleo": "paleo",
    "halal": "halal",
    "corn": "corn_free",
    "grain": "grain_free",
}
# Allergens that no product here promises to be free of: what names them is left out.
_NAMED_ALLERGENS = {
    "fish": r"\bfish|salmon|tuna|cod\b|tilapia|anchov|sardine|pollock|haddock",
    "shellfish": r"shrimp|crab|lobster|scallop|clam|oyster|mussel|prawn|crawfish|shellfish",
    "sesame": r"sesame|tahini|hummus",
    "mustard": r"mustard",
}


def unmet(wishes: Wishes, product: Product, seen: Profile, source: Product) -> str | None:
    """The first wish that a product does not meet, in words; None where it meets all.

    What a product does not state it does not meet: unknown is never taken for free of it.
    """
    avoided = {brand_key(brand) for brand in wishes.avoided_brands}
    why_not = {
        "you refused it before": wishes.verdicts.get(product.product_id) is Verdict.REFUSED,
        "it is out of stock": product.in_stock is False,
        "you avoid its brand": seen.brand in avoided,
        "its price is too far off, or not known": not _is_price_near(wishes, product, source),
    }
    for need in (*wishes.diets, *wishes.allergens):
        why_not[f"it does not say that it fits {need!r}"] = not _is_safe(need, product, seen)
    return next((reason for reason, holds in why_not.items() if holds), None)


def _is_price_near(wishes: Wishes, product: Product, source: Product) -> bool:
    if wishes.most_cents_apart is None:
        return True
    if product.price is None or source.price is None:
        return False
    return abs(product.price.cents - source.price.cents) <= wishes.most_cents_apart


def left_of(wishes: Wishes, product: Product, seen: Profile, score: float) -> float:
    """The score as this household would give it; it keeps the order of what it never spoke of."""
    if wishes.verdicts.get(product.product_id) is Verdict.ACCEPTED:
        return score + (1 - score) * _ACCEPTED_GAIN
    preferred = {brand_key(brand) for brand in wishes.preferred_brands}
    return score if not preferred or seen.brand in preferred else score * _OTHER_BRAND


def _is_safe(need: str, product: Product, seen: Profile) -> bool:
    word = plain(need)
    for name, pattern in _NAMED_ALLERGENS.items():
        if name in word:
            said = plain(f"{product.name} {product.ingredients or ''}")
            return not re.search(pattern, said) and "seafood" not in seen.chain
    for name, promise in _PROMISE_OF.items():
        if name in word:
            return promise in seen.promises
    return need.replace("-", "_") in product.claims
