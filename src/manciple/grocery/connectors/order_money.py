"""The sums of a receipt as the shop's data writes them, in cents."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from manciple.grocery.connectors.loose_json import at, items, number, text
from manciple.grocery.domain.orders import Fee, OrderTotals
from manciple.grocery.domain.price_grammar import read_price
from manciple.grocery.domain.units import half_up

# Charges that stand beside the list of fees, under names of their own.
_NAMED_FEES = ("belowMinimumFee", "deliveryFee", "shipping", "bagFee", "expressFee")


def amount_cents(shown: Any) -> int | None:
    """The cents of `{"value": 3.0}`, `{"displayValue": "$3.00"}` or a bare text; else None.

    Zero is an amount here: a receipt's "$0.00" was really not charged. The sign is dropped, since
    receipts write savings and refunds with and without it.
    """
    value = number(shown, "value") if isinstance(shown, dict) else None
    if value is not None:
        return abs(half_up(Fraction(value) * 100))
    printed = shown if isinstance(shown, str) else text(shown, "displayValue")
    if printed is None:
        return None
    if printed.strip().lower() == "free":
        return 0
    read = read_price(printed.replace("-", ""))
    return read.cents if read else None


def totals_of(details: Any) -> OrderTotals:
    """The sums of a receipt's `priceDetails`; None for each that it does not show."""
    tip = amount_cents(at(details, "driverTip"))
    grand = amount_cents(at(details, "grandTotal"))
    if grand is None:
        grand = _without_tip(amount_cents(at(details, "orderTotal")), tip)
    return OrderTotals(
        subtotal_cents=amount_cents(at(details, "subTotal")),
        savings_cents=amount_cents(at(details, "savings")),
        tax_cents=amount_cents(at(details, "taxTotal")),
        tip_cents=tip,
        donations_cents=_donated(details),
        refund_cents=amount_cents(at(details, "refund")),
        grand_total_cents=grand,
        fees=tuple(_fees(details)),
    )


def _without_tip(total_cents: int | None, tip_cents: int | None) -> int | None:
    """List pages show one total with the tip in it."""
    return None if total_cents is None else total_cents - (tip_cents or 0)


def _donated(details: Any) -> int | None:
    gifts = items(details, "donations")
    if gifts:
        return sum(amount_cents(gift) or 0 for gift in gifts)
    return amount_cents(at(details, "donations"))


def _fees(details: Any) -> Iterator[Fee]:
    named = (at(details, name) for name in _NAMED_FEES)
    for fee in [*items(details, "fees"), *named]:
        cents = amount_cents(fee)
        if cents is not None:
            yield Fee(label=text(fee, "label") or "Fee", cents=cents)
