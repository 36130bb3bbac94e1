"""From words to products: whatever the household means by "milk", or a question if nobody knows.

Values only; what a search found and what was bought before are given.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec

from manciple.grocery.domain.cautions import spoken_of
from manciple.grocery.domain.conversations import points_back
from manciple.grocery.domain.language.frames import Entity
from manciple.grocery.domain.lists import ListItem
from manciple.grocery.domain.plans import Option, Question
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import UNITS, WORDS, total

# A hit below this is something else that shares a word.
GOOD_SCORE = 0.6
# What scores so much less than the best is not what was asked for.
_AS_GOOD = 0.05
# A kind that is so much of what fits is what people mean by the word.
_MOSTLY = 0.5
_LOOKED_AT = 24
_ALTERNATIVES = 3
_OPTIONS = 5
_DOZEN = 12
_MAX_QUANTITY = 9_999
_WORD = re.compile(r"[a-z0-9%]+")
# Where one part of a product's name ends: "Great Value, Hard Boiled Eggs, 6 Count".
_PART = re.compile(r"[,(|;]| [-–] ")
# Kept in the search only where nothing else is said: "two bags of" is no part of a name.
_NAMING = ("brand", "dietary", "product", "size")


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of a sentence: what it is called, and how much of it is wanted."""

    phrase: str
    brand: str | None = None
    product: str | None = None
    dietary: tuple[str, ...] = ()
    quantity: Decimal | None = None
    unit: str | None = None
    reference: str | None = None
    without: tuple[str, ...] = ()
    is_negated: bool = False
    is_old: bool = False


class Hit(msgspec.Struct, frozen=True):
    """One product that a search found for the phrase."""

    product: Product
    score: float


class Grounded(msgspec.Struct, frozen=True, kw_only=True):
    """What a thing is: a product, or words where the catalog has none."""

    thing: Thing
    product: Product | None
    why: str
    alternatives: tuple[Product, ...] = ()


def things_of(entities: Sequence[Entity]) -> tuple[Thing, ...]:
    """The things that entities name, in the order of mention."""
    groups: dict[int, list[Entity]] = {}
    for number, entity in enumerate(entities):
        if entity.item is not None:
            groups.setdefault(entity.item, []).append(entity)
        elif entity.type in ("product", "brand", "reference"):
            groups.setdefault(-1 - number, []).append(entity)
    found = (_thing(sorted(group, key=lambda one: one.start)) for group in groups.values())
    return tuple(thing for thing in found if thing is not None)


def quantity_of(entities: Sequence[Entity]) -> tuple[Decimal | None, str | None]:
    """The amount that entities state, and its unit; "a dozen" is one dozen, not twelve packs."""
    for entity in entities:
        if entity.type == "quantity" and isinstance(entity.value, int | float):
            value = Decimal(str(entity.value))
            if not 0 < value <= _MAX_QUANTITY:
                return None, None
            if "dozen" in entity.text.lower() and value % (_DOZEN // 2) == 0:
                return value / _DOZEN, "dozen"
            return value.quantize(Decimal("0.001")).normalize() + 0, _unit_of(entities)
    return None, _unit_of(entities)


def choose(
    thing: Thing,
    hits: Sequence[Hit],
    *,
    bought: Mapping[str, int],
    is_asking: bool = True,
) -> Grounded | Question:
    """The product that is meant: the household's own first, then the best of the usual kind.

    `bought` tells how often each product was bought. Where good hits are of several kinds and
    none prevails, the answer is a question if `is_asking`.
    """
    good = [hit for hit in hits if hit.score >= GOOD_SCORE]
    good = [hit for hit in good if not _speaks_of_what_is_left_out(thing, hit.product)] or good
    if not good:
        return Grounded(thing=thing, product=None, why="nothing of that name is in the catalog")
    best = good[0].score
    equals = [hit for hit in good if hit.score >= best - _AS_GOOD][:_LOOKED_AT]
    own = [hit for hit in good if hit.score >= best - 4 * _AS_GOOD and bought.get(_id(hit))]
    if own:
        usual = max(own, key=lambda hit: (bought[_id(hit)], hit.score))
        times = bought[_id(usual)]
        why = f"you bought it {times} time{'s' if times > 1 else ''}"
        return _grounded(thing, usual, own + equals, why)
    kinds = Counter(_kind(hit.product) for hit in equals)
    kind, count = kinds.most_common(1)[0]
    if is_asking and count < _MOSTLY * len(equals) and len(kinds) > 1:
        return _question(thing, equals)
    fitting = [hit for hit in equals if _kind(hit.product) == kind]
    fitting.sort(key=lambda hit: _remoteness(thing, hit.product))
    return _grounded(thing, fitting[0], fitting, "the best match")


def _speaks_of_what_is_left_out(thing: Thing, product: Product) -> bool:
    return bool(spoken_of(thing.without, f"{product.name} {product.ingredients or ''}"))


def _remoteness(thing: Thing, product: Product) -> tuple[bool, bool, int, bool]:
    """How far a product is from the plain thing; less is nearer.

    "Eggs" are rather "Hard Boiled Eggs" than buffalo-style ones, and "milk" is no "Milk Snack".
    """
    said, brand = words_of(thing.phrase), words_of(product.brand or "")
    is_other, added = True, len(_WORD.findall(product.name.lower()))
    for part in _PART.split(product.name.lower()):
        words = [_singular(word) for word in _WORD.findall(part) if not word[0].isdigit()]
        if said.intersection(words):
            is_headed = words[-1] in said
            extra = len(set(words) - said - brand)
            is_other, added = min((is_other, added), (not is_headed, extra))
    return not _is_one(thing.unit, product), is_other, added, product.price is None


def _is_one(unit: str | None, product: Product) -> bool:
    """Whether a package holds one of a unit that was named: "2 gallons" are two gallon jugs."""
    named = WORDS.get(unit or "")
    if named is None or product.size is None or product.size.unit not in UNITS:
        return False
    whole = total(product.size)
    return whole.dimension is named.dimension and whole.amount == named.factor


def option_of(product: Product) -> Option:
    """A product as one thing to choose."""
    return Option(label=product.name, product_id=product.product_id, price=product.price)


def line_named(thing: Thing, items: Sequence[ListItem]) -> ListItem | Question | None:
    """The line of a list that a thing names; a question where several do."""
    said = words_of(thing.phrase)
    if not said:
        return None
    scored = [(_overlap(said, words_of(item.text)), item) for item in items]
    best = max((share for share, _ in scored), default=Fraction(0))
    # Half of the words must be there: "milk" names "Great Value Whole Milk".
    if best < Fraction(1, 2):
        return None
    found = [item for share, item in scored if share == best]
    exact = [item for item in found if words_of(item.text) == said]
    if len(found) == 1 or exact:
        return (exact or found)[0]
    options = tuple(Option(label=item.text, value=item.item_id) for item in found[:_OPTIONS])
    return Question(text=f"Which {thing.phrase} do you mean?", about=thing.phrase, options=options)


def _thing(group: Sequence[Entity]) -> Thing | None:
    named = [one for one in group if one.type in _NAMING and not _is_left_out(one)]
    reference = next((one.text for one in group if one.type == "reference"), None)
    if not any(one.type in ("product", "brand") for one in group) and reference is None:
        return None
    if reference is not None and not named and not points_back(reference):
        # A name that nobody knows looks like a reference: "the remoulade".
        named, reference = [one for one in group if one.type == "reference"], None
    quantity, unit = quantity_of(group)
    return Thing(
        phrase=" ".join(" ".join(one.text for one in named).split()),
        brand=next((one.text for one in group if one.type == "brand"), None),
        product=next((one.text for one in group if one.type == "product"), None),
        dietary=tuple(one.text for one in named if one.type == "dietary"),
        without=tuple(one.text for one in group if _is_left_out(one)),
        quantity=quantity,
        unit=unit,
        reference=reference,
        is_negated=any(one.negated for one in named),
        is_old=any(one.role == "old" for one in named),
    )


def _is_left_out(entity: Entity) -> bool:
    """Whether it says what must not be in the thing: "no nuts" of a granola."""
    return entity.negated and entity.type in ("dietary", "attribute")


def _unit_of(entities: Sequence[Entity]) -> str | None:
    for entity in entities:
        if entity.type == "unit":
            return str(entity.value or entity.text).lower()
    return None


def _grounded(thing: Thing, hit: Hit, others: Sequence[Hit], why: str) -> Grounded:
    rest = {_id(other): other.product for other in others if _id(other) != _id(hit)}
    alternatives = tuple(rest.values())[:_ALTERNATIVES]
    return Grounded(thing=thing, product=hit.product, why=why, alternatives=alternatives)


def _question(thing: Thing, equals: Sequence[Hit]) -> Question:
    """One option of each kind first, so that the kinds can be told apart."""
    firsts: dict[str, Hit] = {}
    for hit in equals:
        firsts.setdefault(_kind(hit.product), hit)
    chosen = list(firsts.values())[:_OPTIONS]
    chosen += [hit for hit in equals if hit not in chosen][: _OPTIONS - len(chosen)]
    options = tuple(option_of(hit.product) for hit in chosen)
    return Question(text=f"Which {thing.phrase} do you mean?", about=thing.phrase, options=options)


def _id(hit: Hit) -> str:
    return hit.product.product_id


def _kind(product: Product) -> str:
    return product.category_path[-1] if product.category_path else ""


def words_of(text: str) -> frozenset[str]:
    """The words of a name without their plural, so that names can be held against each other."""
    return frozenset(_singular(word) for word in _WORD.findall(text.lower()))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > len("ies") + 1:
        return word[:-3] + "y"
    if word.endswith("oes"):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss") and len(word) > len("us"):
        return word[:-1]
    return word


def _overlap(said: frozenset[str], words: frozenset[str]) -> Fraction:
    return Fraction(len(said & words), len(said))
