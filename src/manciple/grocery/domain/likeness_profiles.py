"""A product as one sees it who looks for a substitute: kind, promises, forms, flavors, size."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from manciple.grocery.domain.brands import brand_lore
from manciple.grocery.domain.kinds import Kinds, grocery_kinds
from manciple.grocery.domain.product_names import ParsedName, parse_name
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.shelf_kinds import categories
from manciple.grocery.domain.substitution_words import substitution_words
from manciple.grocery.domain.units import UNITS, Dimension, total
from manciple.grocery.domain.words import plain, tokens

_SIZE = re.compile(
    r"\b\d+(?:\.\d+)?\s*-?\s*(?:fl\s*)?(?:oz|ounces?|lbs?|ct|count|pk|pack|g|mg|ml|l|qt|quart|gal"
    r"|gallon|pint|pt|ea|liter|slices|z|inch)\b\.?"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a product's name and record say that matters for a substitute.

    `chain` is the kind and what that is a kind of; `kinds` are all that the name speaks of.
    `is_guess` tells that only the shelf, not the name or brand, told the kind. `stated` are the
    promises in so many words, `promises` also what they include. `forms` holds
    the stated forms of each group. `amount` is in ounces, of fluids in fluid ounces.
    """

    product_id: str
    brand: str
    chain: tuple[str, ...]
    head_words: frozenset[str]
    is_guess: bool
    kinds: frozenset[str]
    dishes: frozenset[str]
    all_words: frozenset[str]
    words: frozenset[str]
    flavors: frozenset[str]
    stated: frozenset[str]
    promises: frozenset[str]
    soft: frozenset[str]
    forms: tuple[frozenset[str], ...]
    animals: frozenset[str]
    department: str
    amount: float | None
    pieces: float | None
    price_cents: int | None

    @property
    def kind(self) -> str:
        """What it is."""
        return self.chain[0]


# Words for finished things; a name that has one is that, and not its main ingredient.
_DISHES = frozenset({"sauce", "seasoning", "dip", "soup", "salad", "sandwich", "gravy"})


def parse_product(product: Product) -> ParsedName:
    """What the product's name says it is."""
    shelf = _shelf_key(product)
    return parse_name(product.name, brand=product.brand, category=shelf, size=product.size)


def department(product: Product) -> str:
    """The narrowest category of the product; empty where it has none."""
    return product.category_path[-1] if product.category_path else ""


def _shelf_key(product: Product) -> str:
    shelf = department(product)
    return _shelf_keys().get(shelf, shelf)


@cache
def _shelf_keys() -> dict[str, str]:
    path = files("manciple.grocery.domain.vocabulary") / "shelves.toml"
    keys: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["keys"]
    return keys


def profile(product: Product, parsed: ParsedName | None = None) -> Profile:
    """The profile of one product; it takes about a millisecond, so keep it."""
    kinds = grocery_kinds()
    parsed = parsed or parse_product(product)
    name = _SIZE.sub(" ", plain(product.name))
    table = substitution_words()
    promises = _said(table.guards, name) | _CLAIMED.intersection(product.claims)
    said = frozenset(parsed.words)
    words = content_words(parsed)
    is_guess = not parsed.pure and brand_lore().meant(parsed.words) is None
    kind = _settled(parsed, kinds, _shelf_key(product))
    chain = kinds.chain(kind)
    amount, pieces = _amounts(product)
    return Profile(
        product_id=product.product_id,
        brand=brand_key(product.brand),
        chain=chain,
        head_words=frozenset(kinds.by_name[kind].words),
        is_guess=is_guess,
        kinds=frozenset(parsed.mentions),
        dishes=_DISHES & said,
        all_words=said,
        words=words - table.flavors,
        flavors=words & table.flavors,
        stated=promises,
        promises=_with_included(promises | _inherent(chain)),
        soft=_said(table.soft, name),
        forms=tuple(_said(group.says, name) for group in table.forms),
        animals=_said(table.animals, name),
        department=department(product),
        amount=amount,
        pieces=pieces,
        price_cents=_sure_price(product),
    )


# Claims of the record that are believed beside the name. Not "sugar_free" and the like: searching
# takes "no sugar added" for it, and somebody with diabetes does not.
_CLAIMED = frozenset(
    {"gluten_free", "dairy_free", "lactose_free", "vegan", "egg_free", "nut_free", "soy_free"}
)
# What a kind is by itself, whether or not the name says so.
_INHERENT = {
    "plant milk": frozenset({"dairy_free", "vegetarian"}),
    "meat alternative": frozenset({"vegetarian"}),
    "veggie burger": frozenset({"vegetarian"}),
}


def content_words(parsed: ParsedName) -> frozenset[str]:
    """The words that tell one product from another: no praise, no brand."""
    return frozenset(parsed.words) - substitution_words().telling_nothing - set(parsed.brand)


def _said(patterns: Mapping[str, re.Pattern[str]], name: str) -> frozenset[str]:
    return frozenset(one for one, pattern in patterns.items() if pattern.search(name))


def _settled(parsed: ParsedName, kinds: Kinds, shelf: str) -> str:
    """The kind as one compares it: a thing and not a brand, a thing and not a shelf."""
    kind = parsed.kind
    if kinds.has(kind, "generic") and not set(kinds.by_name[kind].words) <= set(parsed.words):
        things = [each for each in parsed.mentions if not kinds.has(each, "generic")]
        strong = [each for each in things if kinds.has(each, "strong")]
        kind = (strong or things or [kind])[0]
    above = kinds.by_name[kind].parent
    if above and kinds.has(kind, "kin") and set(kinds.by_name[kind].words) <= set(parsed.brand):
        kind = above
    return _narrowed(_fitting(kind, parsed, kinds, shelf), parsed, kinds)


def _fitting(kind: str, parsed: ParsedName, kinds: Kinds, shelf: str) -> str:
    """The kind, or where it does not belong on its shelf, one that does and that the name says.

    "KIND Caramel Almond Bars" among the snack bars are bars and no caramel.
    """
    expected = categories().get(shelf, ())
    if not expected or _belongs(kind, expected, kinds):
        return kind
    named = [each for each in parsed.mentions if _belongs(each, expected, kinds)]
    nouns = [each for each in expected if kinds.by_name[each].words[-1] in parsed.words]
    return (named or nouns or [kind])[0]


def _belongs(kind: str, expected: Sequence[str], kinds: Kinds) -> bool:
    return not kinds.has(kind, "generic") and any(each in expected for each in kinds.chain(kind))


def _narrowed(kind: str, parsed: ParsedName, kinds: Kinds) -> str:
    """The one narrower kind that the name speaks of too ("corn flakes cereal"), or the kind."""
    narrower = [
        each
        for each in parsed.mentions
        if kind in kinds.chain(each)[1:]
        and "near" not in kinds.by_name[each].flags
        and not (kinds.has(each, "kin") and kinds.by_name[each].parent == kind)
        and set(kinds.by_name[each].words) <= set(parsed.head_words)
    ]
    return narrower[0] if len(narrower) == 1 else kind


def brand_key(brand: str | None) -> str:
    """A brand so that two spellings of it are alike."""
    return " ".join(tokens(brand or ""))


def _inherent(chain: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(_INHERENT.get(kind, frozenset()) for kind in chain))


def _with_included(promises: frozenset[str]) -> frozenset[str]:
    return promises | {one for one, by in substitution_words().included_in.items() if promises & by}


def _sure_price(product: Product) -> int | None:
    """The price, unless it is only an estimate: a guess must not put one product behind another."""
    price = product.price
    return price.cents if price and price.confidence > _ESTIMATED else None


# Sample prices of the shelf have at most this confidence.
_ESTIMATED = 0.85


def _amounts(product: Product) -> tuple[float | None, float | None]:
    """Ounces and pieces. Shops print "oz" for fluids too, so a fluid ounce counts as an ounce."""
    size = product.size
    if size is None:
        return None, None
    whole = total(size)
    if whole.dimension is Dimension.COUNT:
        return None, float(whole.amount)
    pieces = size.pieces or (size.pack if size.pack > 1 else None)
    ounce = UNITS["ONZ" if whole.dimension is Dimension.MASS else "OZA"].factor
    return float(whole.amount / ounce), float(pieces) if pieces else None
