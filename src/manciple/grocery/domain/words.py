"""Text into comparable words: one spelling, singular, no signs."""

import html
import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"\d+(?:\.\d+)?%?|[a-z]+")
_MARKS = str.maketrans({"®": " ", "™": " ", "©": " ", "℠": " ", "’": "'", "`": "'", "\u2018": "'"})
_AND = re.compile(r"&|\+|(?<![a-z])'?n'?(?![a-z])")
_IRREGULAR = {
    "cookies": "cookie",
    "brownies": "brownie",
    "smoothies": "smoothie",
    "calories": "calorie",
    "veggies": "veggie",
    "pierogies": "pierogi",
    "gummies": "gummy",
    "goodies": "goody",
    "hoagies": "hoagie",
    "smoothie": "smoothie",
    "loaves": "loaf",
    "leaves": "leaf",
    "halves": "half",
    "calves": "calf",
    "knives": "knife",
    "radishes": "radish",
    "hummus": "hummus",
    "couscous": "couscous",
    "asparagus": "asparagus",
    "molasses": "molasses",
    "citrus": "citrus",
    "swiss": "swiss",
    "oreos": "oreo",
    "cheerios": "cheerios",
    "doritos": "doritos",
    "fritos": "fritos",
    "tostitos": "tostitos",
    "cheetos": "cheetos",
    "avocados": "avocado",
    "octopus": "octopus",
    "lays": "lay",
    "m": "m",
    "ms": "m",
    "schnapps": "schnapps",
    "chives": "chive",
    "olives": "olive",
    "cloves": "clove",
    "endives": "endive",
    "gas": "gas",
    "bus": "bus",
    "chips": "chip",
    "shoes": "shoe",
    "pies": "pie",
    "ties": "tie",
    "froot": "froot",
    "quiches": "quiche",
    "pastries": "pastry",
    "baguettes": "baguette",
    "colas": "cola",
    "plus": "plus",
    "less": "less",
    "bites": "bite",
    "movies": "movie",
    "cookie": "cookie",
    "zombies": "zombie",
    "mousse": "mousse",
    "cheeses": "cheese",
    "mayos": "mayo",
    "yoghurt": "yogurt",
    "yoghurts": "yogurt",
    "barbeque": "bbq",
    "barbecue": "bbq",
    "doughnut": "donut",
    "doughnuts": "donut",
    "creme": "creme",
    "hashbrowns": "hashbrown",
    "flavour": "flavor",
    "flavoured": "flavored",
    "flavors": "flavor",
}


def plain(text: str) -> str:
    """The text in lower case without accents, entities, trade marks; "and" for "&" and "'n'"."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_MARKS))
        text = "".join(char for char in text if not unicodedata.combining(char))
    text = _AND.sub(" and ", text.lower())
    text = re.sub(r"\bw/(?=[a-z ])", "with ", text)
    return text.replace("'", "").replace("jell o", "jello").replace("jell-o", "jello")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word's singular, near enough for comparing two words."""
    known = _IRREGULAR.get(word)
    if known is not None:
        return known
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):  # noqa: PLR2004 - "gas", "bus"
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("oes", "ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def tokens(text: str) -> list[str]:
    """The text's words, each by its stem."""
    return [stem(word) for word in _TOKEN.findall(plain(text))]


def raw_tokens(text: str) -> list[str]:
    """The text's words as they are written, without stemming."""
    return _TOKEN.findall(plain(text))
