"""What a substitute must keep: diets, allergens and animals; and the softer promises.

A diet that the source states in words and the other does not is a broken guard: it leaves 0. A
soft promise, lost or gained, costs a part.
"""

from collections.abc import Iterator

from manciple.grocery.domain.likeness_profiles import Profile
from manciple.grocery.domain.likenesses import Difference
from manciple.grocery.domain.substitution_words import substitution_words

# What plants are anyway, said or not.
_PLANT_PROMISES = frozenset({"vegan", "vegetarian", "dairy_free", "egg_free"})
_PLANTS = frozenset(
    {"bean", "vegetable", "fruit", "nut", "seed", "rice", "juice", "tea", "oil", "flour", "potato"}
)
# What is of pork unless a name says turkey; so a dish with turkey sausage needs just that.
_PORK_ELSE = frozenset({"sausage", "bacon", "ham", "pepperoni"})
_MEATS = frozenset({"bacon", "sausage", "hot dog", "meat", "jerky", "pepperoni", "lunch meat"})


def guards(source: Profile, other: Profile) -> Iterator[Difference]:
    """Promises that only one of the two states in words.

    One that the source alone states leaves 0, unless such a thing keeps it by nature.
    """
    for promise in sorted(source.stated - other.promises):
        if promise == "no_sugar_added" and "less_sugar" in other.soft:
            yield Difference("less sugar, but some is added", 0.62)
        elif promise == "gluten_free" and _is_plain_meat(source):
            yield Difference("does not say gluten free", 0.7)
        elif promise in _PLANT_PROMISES and _PLANTS.intersection(source.chain):
            yield Difference(f"does not say {promise}", 0.85)
        else:
            yield Difference(f"does not say {promise.replace('_', ' ')}", 0.0)
    for promise in sorted(other.stated - source.promises):
        if not (promise == "gluten_free" and _is_plain_meat(source)):
            yield Difference(
                f"{promise.replace('_', ' ')}", substitution_words().left_with.get(promise, 0.8)
            )


def left_of_animal(source: Profile, other: Profile) -> float:
    """What is left where the meat is of another animal, or does not say of which."""
    if not _MEATS.intersection(source.chain):
        is_kept = "turkey" in other.animals or "turkey" not in source.animals
        return 1.0 if is_kept or not _PORK_ELSE & source.all_words else 0.0
    if source.animals & other.animals or source.animals == other.animals:
        return 1.0
    if not source.animals:
        return 0.9 if other.animals == {"pork"} else 0.38
    if source.animals == {"pork"} and not other.animals:
        return 0.9
    if "pork" not in source.animals:
        return 0.0
    return 0.38


def _is_plain_meat(source: Profile) -> bool:
    """Whether it is meat by nature without gluten, so that saying so is no promise of a diet."""
    return bool(_MEATS.intersection(source.chain)) and "breaded" not in source.forms[1]


def soft_promises(source: Profile, other: Profile) -> Iterator[Difference]:
    """Soft promises lost or gained: the worst counts in full, each further one a little."""
    found = sorted(_soft_changes(source, other), key=lambda each: each.left)
    for place, change in enumerate(found):
        yield change if place == 0 else Difference(change.what, max(change.left, 0.93))


def _soft_changes(source: Profile, other: Profile) -> Iterator[Difference]:
    words, is_milk = substitution_words(), "milk" in source.chain
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
            yield Difference(f"does not say {said}", words.left_without[promise])
        else:
            yield Difference(said, words.left_with.get(promise, 0.97))
