"""How well one product stands in for another: a score from 0 to 1, and why it is not higher.

The score is a product of factors, each at most 1: what the thing is, its forms, its flavor, its
size, what it promises. A broken guard makes it 0. So nothing that fits worse in one way and no
better in another can come before.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.likeness_profiles import Profile
from manciple.grocery.domain.substitution_words import ADDED, FORMS, SOFT


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which the substitute is not the source, and what it leaves of the score."""

    what: str
    left: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 1 and the differences that it is the product of."""

    score: float
    differences: tuple[Difference, ...]

    @property
    def is_broken(self) -> bool:
        """Whether a guard forbids it."""
        return self.score == 0


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
    yield Difference("another kind of thing", _kind(source, other))
    yield from _guards(source, other)
    yield Difference("of another animal", _animal(source, other))
    yield from _softs(source, other)
    yield from _forms(source, other)
    yield _flavor(source, other)
    yield _wording(source, other, weights)
    yield from _size(source, other)
    yield Difference("another brand", 1.0 if source.brand == other.brand else 0.97)
    yield Difference("another price class", _price(source, other))


# What is left for another kind: each names the other too, any of them will do, one name within the
# other, wider or narrower, another name of one entry, a sister, a weak member.
_CROSSED, _SAME_USE, _WITHIN, _WIDER, _KIN, _SISTER, _NEAR = 0.7, 0.93, 0.62, 0.6, 0.42, 0.36, 0.3
# Of these any will do: shapes of pasta, beans of a color.
_INTERCHANGEABLE = frozenset({"penne pasta", "spaghetti pasta", "fettuccine pasta", "pasta sauce"})


def related_roots(kind: str) -> frozenset[str]:
    """The broadest kinds among which a substitute for this kind can be found."""
    chain = grocery_kinds().chain(kind)
    roots = {chain[-1]}
    for pair in _ALIKE:
        if pair & {chain[0], chain[-1]}:
            roots |= {grocery_kinds().chain(each)[-1] for each in pair}
    return frozenset(roots)


# Kinds that stand apart in the outline and next to each other in the kitchen.
_ALIKE = {
    frozenset({"bun", "roll"}): 0.6,
    frozenset({"ice cream", "frozen dessert"}): 0.85,
    frozenset({"ice cream", "frozen yogurt"}): 0.5,
    frozenset({"granola bar", "snack bar"}): 0.62,
    frozenset({"sausage", "hot dog"}): 0.4,
    frozenset({"popsicle", "ice cream"}): 0.36,
    frozenset({"butter", "margarine"}): 0.42,
}


def _kind(source: Profile, other: Profile) -> float:
    """What is left for another kind of thing."""
    score = _nearness(source, other)
    if source.is_guess or other.is_guess:
        score *= _GUESSED if source.words & other.words else 0.0
    if score and source.department != other.department:
        score *= 0.92
    return score


# Left where the kind of one of them is only guessed from the shelf that it stands on.
_GUESSED = 0.6


def _nearness(source: Profile, other: Profile) -> float:
    if source.kind == other.kind or (_is_cheese(source) and _is_cheese(other)):
        return _varieties(source, other)
    one_way = source.head_words <= other.all_words
    other_way = other.head_words <= source.all_words
    if one_way and other_way:
        return 0.95
    pairs = (
        frozenset({source.kind, other.kind}),
        frozenset({source.chain[-1], other.chain[-1]}),
    )
    alike = next((_ALIKE[pair] for pair in pairs if pair in _ALIKE), None)
    return alike or _kinship(source, other, is_within=one_way or other_way)


def _kinship(source: Profile, other: Profile, *, is_within: bool) -> float:
    """What the outline says of two different kinds."""
    kinds = grocery_kinds()
    shared = next((kind for kind in source.chain if kind in other.chain), None)
    if shared is None or kinds.has(shared, "generic"):
        return _CROSSED if other.kind in source.kinds and source.kind in other.kinds else 0.0
    up, down = source.chain.index(shared), other.chain.index(shared)
    steps = (*source.chain[:up], *other.chain[:down])
    if all(kinds.has(step, "kin") for step in steps):
        return _SAME_USE if shared in _INTERCHANGEABLE else _KIN
    if any(kinds.has(step, "near") for step in steps):
        return _NEAR
    if is_within:
        return _WITHIN
    return _SISTER if up and down else _WIDER


def _varieties(source: Profile, other: Profile) -> float:
    """Of one kind, and yet several may be named: cheddar with jack is not quite cheddar."""
    if not _is_cheese(source):
        return 1.0
    one, two = _named_varieties(source), _named_varieties(other)
    if one == two:
        return 1.0
    return 0.5 + 0.4 * len(one & two) / len(one | two)


def _named_varieties(profile: Profile) -> frozenset[str]:
    """The cheeses that a name speaks of; cuts of cheese are none."""
    kinds = grocery_kinds()
    return frozenset(
        kind
        for kind in profile.kinds
        if "cheese" in kinds.chain(kind)[1:] and not _CUTS.intersection(kinds.by_name[kind].words)
    )


_CUTS = frozenset(
    ("shredded", "slice", "sliced", "cube", "stick", "string", "spread", "shred", "snack")
)


def _is_cheese(source: Profile) -> bool:
    return source.chain[-1] == "cheese" and not _OTHER_CHEESES.intersection(source.chain)


# Cheeses that are used in their own way.
_OTHER_CHEESES = frozenset(
    {
        "cream cheese",
        "cottage cheese",
        "ricotta",
        "mascarpone",
        "cheese spread",
        "cheese alternative",
    }
)


def _guards(source: Profile, other: Profile) -> Iterator[Difference]:
    for promise in sorted(source.stated - other.promises):
        if promise == "no_sugar_added" and "less_sugar" in other.soft:
            yield Difference("less sugar, but some is added", 0.62)
        elif promise == "gluten_free" and _is_plain_meat(source):
            yield Difference("does not say gluten free", 0.7)
        else:
            yield Difference(f"does not say {promise.replace('_', ' ')}", 0.0)
    for promise in sorted(other.stated - source.promises):
        if not (promise == "gluten_free" and _is_plain_meat(source)):
            yield Difference(f"{promise.replace('_', ' ')}", ADDED.get(promise, 0.8))


_MEATS = frozenset({"bacon", "sausage", "hot dog", "meat", "jerky", "pepperoni", "lunch meat"})


def _is_plain_meat(source: Profile) -> bool:
    """Whether it is meat by nature without gluten, so that saying so is no promise of a diet."""
    return bool(_MEATS.intersection(source.chain)) and "breaded" not in source.forms[1]


def _animal(source: Profile, other: Profile) -> float:
    if not _MEATS.intersection(source.chain):
        return 1.0
    if source.animals & other.animals or source.animals == other.animals:
        return 1.0
    if not source.animals:
        return 0.9 if other.animals == {"pork"} else 0.38
    if source.animals == {"pork"} and not other.animals:
        return 0.9
    if "pork" not in source.animals:
        return 0.0
    return 0.38


def _softs(source: Profile, other: Profile) -> Iterator[Difference]:
    """Soft promises lost or gained: the worst counts in full, each further one a little."""
    found = sorted(_soft_changes(source, other), key=lambda each: each.left)
    for place, change in enumerate(found):
        yield change if place == 0 else Difference(change.what, max(change.left, 0.93))


def _soft_changes(source: Profile, other: Profile) -> Iterator[Difference]:
    is_milk = "milk" in source.chain
    for promise in source.soft ^ other.soft:
        said = promise.replace("_", " ")
        if is_milk and promise in {"low_fat", "fat_free"}:
            continue
        if promise == "low_fat" and "fat_free" in source.soft | other.soft:
            yield Difference("another share of fat", 0.85)
        elif (promise == "unsweetened" and "sugar_free" in other.promises) or (
            promise == "less_sugar" and "no_sugar_added" in source.promises
        ):
            continue
        elif promise in source.soft:
            yield Difference(f"does not say {said}", SOFT[promise][1])
        else:
            yield Difference(said, ADDED.get(promise, 0.97))


# Groups of forms that only some kinds know.
_ONLY = {"sharpness": frozenset({"cheese"}), "milk": frozenset({"milk", "yogurt"})}
_NEVER = {"heat": frozenset({"cheese"})}


def _forms(source: Profile, other: Profile) -> Iterator[Difference]:
    for (name, apart, untold, _), one, two in zip(FORMS, source.forms, other.forms, strict=True):
        if one == two or one & two or not _ONLY.get(name, _ANY).intersection((*source.chain, "")):
            continue
        if _NEVER.get(name, frozenset()).intersection(source.chain):
            continue
        if one and two:
            is_spread = one | two == {"block", "spread"}
            yield Difference(f"{_or(two)} instead of {_or(one)}", 0.65 if is_spread else apart)
        elif name == "prepared" and one | two <= _UNMADE and not _MIXED.intersection(source.chain):
            yield Difference(f"{_or(one or two)} or not", 0.38)
        elif name != "cut":
            yield Difference(f"{_or(one or two)} or not", untold)
        elif not _SLICED_ANYWAY.intersection(source.chain):
            is_block = one | two == {"block"} or not _is_cheese(source)
            yield Difference(f"{_or(one or two)} or not", 0.82 if is_block else untold)


_ANY = frozenset({""})
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
    "tortilla chip": frozenset({"corn"}),
    "oatmeal": frozenset({"oat"}),
    "bun": frozenset(["white", "potato", "sesame", "butter"]),
    "hot dog": frozenset({"meat", "beef"}),
}


def _flavor(source: Profile, other: Profile) -> Difference:
    heads = (source.head_words | other.head_words) & source.all_words & other.all_words
    if source.kind == other.kind:
        heads = source.head_words
    usual = frozenset().union(*(_USUAL.get(kind, frozenset()) for kind in source.chain))
    one, two = source.flavors - heads - usual, other.flavors - heads - usual
    if _is_cheese(source):
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
_NAMED = frozenset({"cereal", "candy", "candy bar", "snack", "soda", "ice cream", "meal"})


def _wording(source: Profile, other: Profile, weights: Weights) -> Difference:
    heads = source.head_words | other.head_words
    one, two = source.words - heads, other.words - heads
    if one == two:
        return Difference("", 1.0)
    both = sum(weights.get(word, 1.0) for word in one & two)
    told = [1.0 + sum(weights.get(word, 1.0) for word in words) for words in (one, two)]
    alike = (1.0 + both) / math.sqrt(told[0] * told[1])
    floor = 0.42 if _NAMED.intersection(source.chain) else 0.62
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
