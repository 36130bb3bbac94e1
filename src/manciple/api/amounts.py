"""Amounts on the wire: dollars as JSON numbers, made whole cents exactly; and what is no money.

A bare `Decimal` in an answer is money, and money of a product never leaves without its provenance.
"""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from manciple.grocery.domain.money import dollars
from manciple.kit.errors import InvalidInput

# How much or how many of a thing.
Quantity = Annotated[Decimal, Meta(extra={"is": "quantity"})]
# Dollars that the caller named, given back.
OwnDollars = Annotated[Decimal, Meta(extra={"is": "own amount"})]

# Beyond every basket of this world; what is larger would only make arithmetic slow.
_MOST_DOLLARS = 10**9


def is_amount(amount: Decimal) -> bool:
    """Whether somebody can mean an amount: neither endless, nor no number, nor beyond all money."""
    return amount.is_finite() and amount.copy_abs() <= _MOST_DOLLARS


def cents(where: str, amount: Decimal) -> int:
    """An amount of dollars as whole cents.

    Raises:
        InvalidInput: it is finer than a cent, or no amount that somebody can mean.
    """
    if not is_amount(amount):
        raise InvalidInput.at(where, "must be an amount in dollars")
    if amount.quantize(Decimal("0.01")) != amount:
        raise InvalidInput.at(where, "must have at most two decimals")
    return int(amount * 100)


def optional_cents(where: str, amount: Decimal | None) -> int | None:
    """As `cents`; None stays None.

    Raises:
        InvalidInput: it is finer than a cent, or no amount that somebody can mean.
    """
    return None if amount is None else cents(where, amount)


def optional_dollars(amount_cents: int | None) -> Decimal | None:
    """Whole cents as dollars; None stays None."""
    return None if amount_cents is None else dollars(amount_cents)


def basis_points(where: str, percent: Decimal) -> int:
    """A percentage as whole hundredths of a percent: 8.25 is 825.

    Raises:
        InvalidInput: it is finer than that, or not from 0 to 100.
    """
    points = cents(where, percent)
    if not 0 <= points <= 100 * 100:
        raise InvalidInput.at(where, "must be from 0 to 100")
    return points
