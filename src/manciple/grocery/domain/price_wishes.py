"""The limits that a query sets to the price: "under $5", "between 2 and 4 dollars"."""

import re
from typing import NamedTuple

_AMOUNT = r"(\d+(?:\.\d{1,2})?)"
_DOLLARS = r"\s*(?:dollars?|bucks|usd)"
# "Under 100 calories" and "below 12 oz" are no prices.
_NO_MEASURE = r"(?![\d%])(?!\s*(?:oz|ct|count|lb|g|calorie|cal|carb|mg|sugar))"
_BETWEEN = re.compile(
    rf"\bbetween\s*\$?\s*{_AMOUNT}(?:{_DOLLARS})?\s*(?:and|to|-)\s*\$?\s*{_AMOUNT}"
    rf"(?:{_DOLLARS})?{_NO_MEASURE}"
    rf"|\$\s*{_AMOUNT}\s*(?:to|-)\s*\$?\s*{_AMOUNT}{_NO_MEASURE}"
)
_UNDER = re.compile(
    rf"\b(?:under|below|less than|cheaper than|max|up to)\s*\$?\s*{_AMOUNT}"
    rf"(?:{_DOLLARS})?{_NO_MEASURE}"
)
_OVER = re.compile(
    r"\b(?:over|above|more than|at least)\s*"
    rf"(?:\$\s*{_AMOUNT}{_NO_MEASURE}|{_AMOUNT}{_DOLLARS})"
)


class PriceWish(NamedTuple):
    """What a thing must cost at least and at most, in cents."""

    least_cents: int | None = None
    most_cents: int | None = None


def take_price(text: str) -> tuple[str, PriceWish]:
    """The text (in lower case) without what it says of the price, and that."""
    if between := _BETWEEN.search(text):
        low, high = sorted(_cents(each) for each in between.groups() if each)
        return _BETWEEN.sub(" ", text), PriceWish(low, high)
    under, over = _UNDER.search(text), _OVER.search(text)
    wish = PriceWish(
        _cents(over[1] or over[2]) if over else None, _cents(under[1]) if under else None
    )
    return _OVER.sub(" ", _UNDER.sub(" ", text)), wish


def _cents(dollars: str) -> int:
    whole, _, part = dollars.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") if part else 0)
