"""What a household said it must not have, where a product speaks of it.

Words of a name and of ingredients only: silence proves nothing, so this warns and clears nobody.
"""

import re
from collections.abc import Iterable

from manciple.grocery.domain.words import plain

_NUTS = "almond cashew walnut pecan pistachio hazelnut macadamia praline marzipan"
_MILK = "milk cheese butter cream yogurt whey casein lactose dairy ghee kefir custard"
_FISH = "fish salmon tuna cod tilapia anchovy anchovies sardine pollock haddock trout halibut"
_SHELLFISH = "shellfish shrimp crab lobster scallop clam oyster mussel prawn crawfish"
_MEAT = "meat beef pork ham bacon chicken turkey sausage steak lamb veal pepperoni salami gelatin"
# Words that speak of what people avoid; of anything else the word itself does.
_SPEAK = {
    "tree nut": f"{_NUTS}",
    "nut": f"nut peanut {_NUTS}",
    "peanut": "peanut",
    "dairy": _MILK,
    "milk": _MILK,
    "lactose": _MILK,
    "gluten": "wheat barley rye gluten malt semolina flour bread pasta",
    "wheat": "wheat semolina flour bread pasta",
    "egg": "egg mayonnaise meringue",
    "shellfish": _SHELLFISH,
    "seafood": f"{_FISH} {_SHELLFISH}",
    "fish": _FISH,
    "soy": "soy tofu edamame tempeh miso",
    "meat": _MEAT,
    "pork": "pork ham bacon pepperoni salami prosciutto chorizo",
    "vegan": f"egg honey {_MILK} {_FISH} {_SHELLFISH} {_MEAT}",
    "vegetarian": f"{_FISH} {_SHELLFISH} {_MEAT}",
}
# "Non dairy", "without nuts" are not what they name, nor is whatever stands before "free".
_CLEARED = re.compile(r"\b(?:non|no|without|free of|not)[ -]\w+|\b\w+[ -](?:free|less)\b")
_PROMISES = re.compile(r"\b(vegan|vegetarian|plant based|meatless)\b")
_OTHER_MILK = re.compile(
    r"\b(?:almond|oat|soy|rice|coconut|cashew|hemp)\s?milk|\bcream of tartar|\bcoconut cream|"
    r"\b(?:peanut|almond|nut|cocoa|apple|body|shea)\s?butter"
)
_OF_MILK = frozenset({"dairy", "milk", "lactose", "vegan"})
_OF_ANIMALS = frozenset({"vegan", "vegetarian", "dairy", "milk", "lactose", "meat", "egg"})


def spoken_of(avoided: Iterable[str], text: str) -> tuple[str, ...]:
    """Those of the `avoided` things (allergens, diets) against which a product's text speaks."""
    return tuple(one for one in avoided if _speaks(_named(one), plain(text)))


def _named(avoided: str) -> str:
    """The thing as the table names it: "glutenfree" and "no gluten" are "gluten free"."""
    name = plain(avoided).replace("-", " ").strip()
    name = re.sub(r"^(?:no|without|free of) (.+)", r"\1 free", name)
    return re.sub(r"(?<=[a-z])free$", " free", name)


def _speaks(avoided: str, text: str) -> bool:
    free_of = avoided.removesuffix(" free")
    key = next((name for name in (free_of, free_of.removesuffix("s")) if name in _SPEAK), None)
    if f"{free_of.removesuffix('s')} free" in text.replace("-", " "):
        return False
    if key in _OF_ANIMALS and _PROMISES.search(text):
        return False
    said = _CLEARED.sub(" ", text)
    if key in _OF_MILK:
        said = _OTHER_MILK.sub(" ", said)
    words = _SPEAK[key].split() if key else [free_of.removesuffix("s")]
    return any(re.search(rf"\b{re.escape(word)}(?:s|es)?\b", said) for word in words if word)
