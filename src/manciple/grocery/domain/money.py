"""Money: whole cents with their currency; every rounding happens once and half up."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import msgspec

from manciple.grocery.domain.units import half_up
from manciple.kit.errors import InvalidInput


class Money(msgspec.Struct, frozen=True):
    """An exact amount in cents; sums and differences stay within one ISO 4217 currency."""

    cents: int
    currency: str = "USD"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.cents, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.cents < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.cents <= self._same(other)

    def times(self, quantity_thousandths: int) -> "Money":
        """The price of so many thousandths of a piece or of a weight: one line of a receipt."""
        return Money(line_cents(self.cents, quantity_thousandths), self.currency)

    def dollars(self) -> Decimal:
        """The same in units of the currency."""
        return dollars(self.cents)

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise InvalidInput.at("currency", f"{self.currency} and {other.currency} do not add up")
        return other.cents


def line_cents(price_cents: int, quantity_thousandths: int) -> int:
    """A price times a quantity, rounded once (half up, as the shop's receipts do)."""
    return half_up(Fraction(price_cents * quantity_thousandths, 1000))


def share_cents(cents: int, share: Fraction) -> int:
    """A share of an amount (a tax, a discount), rounded once, half up."""
    return half_up(cents * share)


def dollars(cents: int) -> Decimal:
    """Cents as dollars with two places; exact, and what the wire carries."""
    return Decimal(cents).scaleb(-2)


def cents(amount: Decimal | int | str) -> int:
    """Dollars as cents, exactly.

    Raises:
        InvalidInput: it is no finite number, or there are fractions of a cent.
    """
    value = Decimal(amount)
    if not value.is_finite():
        raise InvalidInput.at("amount", f"{amount} is no amount of money")
    scaled = value.scaleb(2)
    if scaled != scaled.to_integral_value():
        raise InvalidInput.at("amount", f"{amount} has fractions of a cent")
    return int(scaled)


def total_cents(lines: Iterable[tuple[int, int]]) -> int:
    """The sum of lines `(price_cents, quantity_thousandths)`, each rounded once before adding."""
    return sum(line_cents(price, quantity) for price, quantity in lines)
