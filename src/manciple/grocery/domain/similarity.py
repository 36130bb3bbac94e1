"""How well one product stands in for another: a score from 0 to 1, and why it is not higher.

The score is a product of factors, each at most 1: what the thing is, its forms, its flavor, its
size, what it promises. A broken guard makes it 0. So nothing that fits worse in one way and no
better in another can come before.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from manciple.grocery.domain.kept_promises import guards, left_of_animal, soft_promises
from manciple.grocery.domain.kinship import is_cheese, left_of_kind
from manciple.grocery.domain.likeness_profiles import Profile
from manciple.grocery.domain.likenesses import Difference, Likeness
from manciple.grocery.domain.substitution_words import FormGroup, substitution_words

Weights = Mapping[str, float]


def likeness(
    source: Profile, other: Profile, weights: Weights, *, at_least: float = 0.05
) -> Likeness:
    """How well `other` stands in for `source`; `weights` tells how much a word says (`rarity`).

    The comparison stops where the score falls under `at_least`.
    """
    found: list[Difference] = []
    score = 1.0
    for difference in _differences(source, other, weights):
        if difference.left < 1:
            score *= difference.left
            found.append(difference)
            if score < at_least:
                return Likeness(0.0 if difference.left == 0 else score, tuple(found))
    return Likeness(score, tuple(found))


def rarity(names: Iterable[Iterable[str]]) -> dict[str, float]:
    """How much each word tells, from 0 to 1: the fewer names have it, the more."""
    seen: Counter[str] = Counter()
    count = 0
    for words in names:
        count += 1
        seen.update(set(words))
    most = math.log(count + 2)
    return {word: math.log((count + 2) / times) / most for word, times in seen.items()}


def _differences(source: Profile, other: Profile, weights: Weights) -> Iterator[Difference]:
    yield Difference("another kind of thing", left_of_kind(source, other))
    yield from guards(source, other)
    yield Difference("of another animal", left_of_animal(source, other))
    yield from soft_promises(source, other)
    yield from _forms(source, other)
    yield _flavor(source, other)
    yield _wording(source, other, weights)
    yield from _size(source, other)
    yield Difference("another brand", 1.0 if source.brand == other.brand else 0.97)
    yield Difference("another price class", _price(source, other))


# Groups of forms that only some kinds know.
_ONLY = {"sharpness": frozenset({"cheese"}), "milk": frozenset({"milk", "yogurt"})}
_NEVER = {"heat": frozenset({"cheese"})}


def _forms(source: Profile, other: Profile) -> Iterator[Difference]:
    groups = substitution_words().forms
    for group, one, two in zip(groups, source.forms, other.forms, strict=True):
        if one == two or one & two or not _asks(source, group.name):
            continue
        if one and two:
            is_spread = one | two == {"block", "spread"}
            left = _SPREAD_FOR_BLOCK if is_spread else group.left(one, two)
            yield Difference(f"{_or(two)} instead of {_or(one)}", left)
        else:
            left = _left_untold(source, group, one | two)
            yield Difference(f"{_or(one or two)} or not", left)


def _asks(source: Profile, group: str) -> bool:
    """Whether things like the source differ by this group of forms at all."""
    only, never = _ONLY.get(group), _NEVER.get(group, frozenset())
    chain = set(source.chain)
    return (only is None or bool(only & chain)) and not never & chain


def _left_untold(source: Profile, group: FormGroup, said: frozenset[str]) -> float:
    """What is left where only one of two names tells its form."""
    if group.name == "prepared" and said <= _UNMADE and not _MIXED.intersection(source.chain):
        return _MADE_OR_NOT
    if group.name == "cut":
        if _SLICED_ANYWAY.intersection(source.chain):
            return 1.0
        if said == {"block"} or not is_cheese(source):
            return _ANY_CUT
    return group.untold


# A tub for a brick; a mix for the finished thing; a cut where it matters little.
_SPREAD_FOR_BLOCK, _MADE_OR_NOT, _ANY_CUT = 0.65, 0.38, 0.82
# Still to be made by the buyer; unless a mix is just several things together.
_UNMADE = frozenset({"mix", "dough", "concentrate"})
_MIXED = frozenset(
    {"cracker", "nut", "chip", "popcorn", "pretzel", "vegetable", "fruit", "candy", "salad"}
    | {"cheese", "snack", "cereal", "bean", "trail mix", "salad kit", "dried fruit", "lunch kit"}
)
_SLICED_ANYWAY = frozenset({"bacon", "bread", "lunch meat", "pepperoni", "jerky"})


def _or(forms: Iterable[str]) -> str:
    return " or ".join(sorted(forms))


# Kinds by how much a flavor is the thing itself: nobody takes one soup for another, and any
# hamburger bun does.
_STRICT = frozenset(
    {"soup", "sauce", "meal", "seasoning", "dip", "burrito", "sandwich", "soup mix"}
)
_LENIENT = frozenset(
    {
        "bun",
        "roll",
        "bread",
        "tortilla",
        "bacon",
        "broth",
        "oil",
        "flour",
        "pasta",
        "rice",
        "butter",
    }
)
# Tastes that belong to a kind anyway, so that naming them or not makes no difference.
_USUAL = {
    "pasta sauce": frozenset(["tomato", "italian", "basil", "garlic", "herb", "onion", "marinara"]),
    "cheese cracker": frozenset(["cheddar", "cheese"]),
    "bacon": frozenset(["hickory", "applewood", "smoked", "smokehouse"]),
    "tortilla chip": frozenset({"corn", "white", "yellow", "blue"}),
    "oatmeal": frozenset({"oat"}),
    "cookie": frozenset({"cookie"}),
    "cake": frozenset({"cake"}),
    "bread": frozenset({"white"}),
    "roll": frozenset({"white"}),
    "tortilla": frozenset({"white", "yellow"}),
    "bun": frozenset(["white", "potato", "sesame", "butter"]),
    "hot dog": frozenset({"meat", "beef"}),
}


def _flavor(source: Profile, other: Profile) -> Difference:
    heads = (source.head_words | other.head_words) & source.all_words & other.all_words
    if source.kind == other.kind:
        heads = source.head_words
    usual = frozenset().union(*(_USUAL.get(kind, frozenset()) for kind in source.chain))
    one, two = source.flavors - heads - usual, other.flavors - heads - usual
    if is_cheese(source):
        one, two = one & source.head_words, two & other.head_words
    if one == two:
        small = source.flavors - heads != other.flavors - heads
        return Difference("seasoned a little otherwise", 0.93 if small else 1.0)
    left = _left_of_flavor(source, one, two, is_same_brand=source.brand == other.brand)
    said = f"{_or(two)} instead of {_or(one)}" if one and two else f"{_or(one | two)} or not"
    return Difference(said, left)


def _left_of_flavor(
    source: Profile, one: frozenset[str], two: frozenset[str], *, is_same_brand: bool
) -> float:
    shared = len(one & two) / len(one | two)
    if _STRICT.intersection(source.chain) and "pasta sauce" not in source.chain:
        return 0.15 + 0.65 * shared
    if _LENIENT.intersection(source.chain):
        return 0.85 + 0.1 * shared
    return (0.5 if is_same_brand else 0.44) + 0.4 * shared


# Kinds in which nearly every product is a thing of its own, known by its name.
_NAMED = frozenset(
    {
        "cereal",
        "candy",
        "candy bar",
        "snack",
        "soda",
        "ice cream",
        "meal",
        "salad dressing",
        "syrup",
    }
)


def _wording(source: Profile, other: Profile, weights: Weights) -> Difference:
    heads = source.head_words | other.head_words
    one, two = source.words - heads, other.words - heads
    if one == two:
        return Difference("", 1.0)
    both = sum(weights.get(word, 1.0) for word in one & two)
    told = [1.0 + sum(weights.get(word, 1.0) for word in words) for words in (one, two)]
    alike = (1.0 + both) / math.sqrt(told[0] * told[1])
    floor = 0.3 if _NAMED.intersection(source.chain) else 0.55
    return Difference("named otherwise", floor + (1 - floor) * alike)


def _size(source: Profile, other: Profile) -> Iterator[Difference]:
    ratio = _ratio(source, other)
    if ratio is None:
        yield Difference("its size is unknown or does not compare", 0.85)
    elif ratio > 1.02 or ratio < 0.98:  # noqa: PLR2004 - a label's rounding
        times = max(ratio, 1 / ratio)
        text = f"{ratio:.1f} times the size" if ratio > 1 else f"1/{times:.1f} of the size"
        yield Difference(text, _left_of(times))


def _left_of(times: float) -> float:
    """What a size so many times as large or small leaves: up to 1.7 nearly all, beyond 3 little."""
    if times <= 1.7:  # noqa: PLR2004 - a shopper takes it without asking
        return 1 - 0.06 * math.log(times) / math.log(1.7)
    if times <= 3.05:  # noqa: PLR2004 - with a note
        return 0.76 - 0.16 * math.log(times / 1.7) / math.log(3 / 1.7)
    return max(0.4 - 0.1 * math.log(times / 3), 0.15)


def _ratio(source: Profile, other: Profile) -> float | None:
    if source.amount and other.amount:
        return other.amount / source.amount
    if source.pieces and other.pieces:
        return other.pieces / source.pieces
    return None


def _price(source: Profile, other: Profile) -> float:
    if not (source.price_cents and other.price_cents and source.amount and other.amount):
        return 1.0
    ratio = (other.price_cents / other.amount) / (source.price_cents / source.amount)
    times = max(ratio, 1 / ratio)
    return 1.0 if times < 1.5 else 0.97 if times < 2.5 else 0.94  # noqa: PLR2004 - tie-breakers
