"""Which kinds of groceries stand in for each other, and how well.

The outline of kinds says what is a kind of what; this says what that means in the kitchen.
"""

from functools import cache, lru_cache

from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.likeness_profiles import Profile
from manciple.grocery.domain.substitution_words import substitution_words


@cache
def _uses_by_kind() -> dict[str, frozenset[int]]:
    kinds = grocery_kinds()
    found: dict[str, set[int]] = {}
    for number, names in enumerate(substitution_words().same_use):
        for name in names:
            kind = kinds.named(name)
            if kind is not None:
                found.setdefault(kind, set()).add(number)
    return {kind: frozenset(numbers) for kind, numbers in found.items()}


def _uses(kind: str) -> frozenset[int]:
    """The groups of the same use that a kind is in."""
    return _uses_by_kind().get(kind, frozenset())


def related_roots(kind: str) -> frozenset[str]:
    """The broadest kinds among which a substitute for this kind can be found."""
    chain = grocery_kinds().chain(kind)
    roots = {chain[-1]}
    for pair in _ALIKE:
        if pair & {chain[0], chain[-1]}:
            roots |= {grocery_kinds().chain(each)[-1] for each in pair}
    if _uses(kind):
        same = (other for other, uses in _uses_by_kind().items() if uses & _uses(kind))
        roots |= {grocery_kinds().chain(other)[-1] for other in same}
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


# What is left for another kind: each names the other too, any of them will do, one name within the
# other, wider or narrower, another name of one entry, a sister, a weak member.
_CROSSED, _SAME_USE, _WITHIN, _WIDER, _KIN, _SISTER, _NEAR = 0.7, 0.93, 0.62, 0.6, 0.55, 0.38, 0.3
# Where the several names of one entry are things of their own.
_APART = frozenset(
    {"bun", "ranch dressing", "tortilla chip", "ice cream sandwich", "corn flake", "white bread"}
    | {"meal", "soup", "seasoning", "vegetable", "fruit", "bean", "nut", "seafood", "flour"}
    | {"french bread", "sugar cookie", "candy", "juice", "vegetable oil", "chicken nugget"}
)


# A finished dish or sauce that names its main ingredient is not that ingredient.
_INGREDIENT = 0.55


# Shelves are often wrong (Pringles stand under ice cream), so they count a little only.
_OTHER_SHELF = 0.72


def left_of_kind(source: Profile, other: Profile) -> float:
    """What is left for another kind of thing."""
    score = _nearness(source, other)
    if source.is_guess or other.is_guess:
        score *= _GUESSED if source.words & other.words else 0.0
    if score and source.dishes != other.dishes:
        score *= _INGREDIENT
    if score and source.department != other.department:
        score *= _OTHER_SHELF
    return score


# Left where the kind of one of them is only guessed from the shelf that it stands on.
_GUESSED = 0.6


def _nearness(source: Profile, other: Profile) -> float:
    if source.kind == other.kind or (is_cheese(source) and is_cheese(other)):
        return _varieties(source, other)
    one_way = source.head_words <= other.all_words
    other_way = other.head_words <= source.all_words
    if one_way and other_way:
        return 0.95
    alike = _alike(source.kind, other.kind)
    alike = alike or _kinship(source.kind, other.kind, is_within=one_way or other_way)
    if not alike and other.kind in source.kinds and source.kind in other.kinds:
        return _CROSSED
    return alike


@lru_cache(maxsize=50_000)
def _kinship(source: str, other: str, *, is_within: bool) -> float:
    """What the outline says of two different kinds."""
    kinds = grocery_kinds()
    above, beside = kinds.chain(source), kinds.chain(other)
    shared = next((kind for kind in above if kind in beside), None)
    if shared is None or kinds.has(shared, "generic"):
        return 0.0
    up, down = above.index(shared), beside.index(shared)
    steps = (*above[:up], *beside[:down])
    if all(kinds.has(step, "kin") for step in steps):
        return _SISTER if _APART.intersection(above) else _KIN
    if any(kinds.has(step, "near") for step in steps):
        return _NEAR
    if is_within:
        return _WITHIN
    return _SISTER if up and down else _WIDER


@lru_cache(maxsize=50_000)
def _alike(source: str, other: str) -> float:
    """What is left for kinds of the same or a neighboring use; 0 for all others."""
    if _uses(source) & _uses(other):
        return _SAME_USE
    chain = grocery_kinds().chain
    roots = frozenset({chain(source)[-1], chain(other)[-1]})
    return _ALIKE.get(frozenset({source, other})) or _ALIKE.get(roots, 0.0)


def _varieties(source: Profile, other: Profile) -> float:
    """Of one kind, and yet several may be named: cheddar with jack is not quite cheddar."""
    if not is_cheese(source):
        return 1.0
    one, two = _named_varieties(source), _named_varieties(other)
    if one == two:
        return 1.0
    return 0.42 + 0.45 * len(one & two) / len(one | two)


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


def is_cheese(source: Profile) -> bool:
    """Whether it is cheese as one slices, shreds or cubes it."""
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
