"""Amounts of receipts, as the shop's data and people's exports write them, in cents."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from manciple.grocery.connectors.loose_json import at, holders, items, number, shape, text
from manciple.grocery.domain.orders import Fee, OrderTotals
from manciple.grocery.domain.price_grammar import read_price
from manciple.grocery.domain.units import half_up
from manciple.kit.errors import InvalidInput

# Charges that stand beside the list of fees, under names of their own.
_NAMED_FEES = ("belowMinimumFee", "deliveryFee", "shipping", "bagFee", "expressFee", "serviceFee")
# Where a receipt keeps its sums, and what each may be called.
_DETAILS = ("priceDetails", "priceSummary", "orderSummary", "totals")
_SUBTOTAL = ("subTotal", "subtotal", "itemsSubtotal")
_TAX = ("taxTotal", "tax", "taxes", "estimatedTax")
_TIP = ("driverTip", "tip", "driverTips")
_GRAND = ("grandTotal",)
_WITH_TIP = ("grandTotalWithTips", "orderTotal", "total")
_SAVINGS = ("savings", "savingsTotal", "discounts", "discount")
_REFUND = ("refund", "refundTotal", "refunds", "totalRefund")
_OURS = frozenset({"USD", "US$", "$"})
# Only on amounts: a letter before the dollar sign, or another sign before digits.
_FOREIGN = re.compile(
    r"\b(?:ca|c|au|a|nz|mx|hk|sg)\$\s*\d|[€£¥₹]\s*\d|\d\s*[€£]|\b(?:cad|aud|mxn|eur|gbp)\b",
    re.IGNORECASE,
)
_FREE = frozenset({"free", "$free"})
_NOT_SAID = frozenset(
    {"", "-", "\u2013", "\u2014", "n/a", "na", "none", "null", "nan", "unknown", "tbd"}
)
_MINUS = re.compile(r"^\s*(?:us)?\$?\s*[-\u2212\u2013]|^\s*\(.*\)\s*$|-\s*$", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?:US\$|USD|\$)?\s*(?P<digits>[\d.,]*\d)\s*(?P<cent>¢|cents?)?\s*(?:USD)?\s*(?:ea|each)?\.?",
    re.IGNORECASE,
)
_POINT = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?")
_COMMA = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}")
# Floating point leaves 3.9800000000000004 behind; more than this is a real fraction of a cent.
_NOISE = Fraction(1, 10_000)


def printed_cents(printed: str) -> int | None:
    """The signed cents of an amount as a table holds it; None where it says that it says nothing.

    `$1,234.50`, `-3.98`, `($3.98)`, `3,98` and `98¢` are all read.

    Raises:
        InvalidInput: it is no amount of US dollars, or finer than a cent.
    """
    said = printed.strip().lower()
    if said in _NOT_SAID:
        return None
    if said in _FREE:
        return 0
    is_minus = bool(_MINUS.search(said))
    found = _AMOUNT.fullmatch(re.sub(r"[()\-\u2212\u2013]", "", said).strip())
    exact = decimal_of(found["digits"]) if found else None
    if found is None or exact is None:
        raise InvalidInput.at("amount", f"{printed!r} is no amount of US dollars")
    cents = Fraction(exact) if found["cent"] else Fraction(exact) * 100
    if abs(cents - half_up(cents)) > _NOISE:
        raise InvalidInput.at("amount", f"{printed!r} is finer than a cent")
    return -half_up(cents) if is_minus else half_up(cents)


def decimal_of(digits: str) -> Decimal | None:
    """The number of some digits, with a decimal point or a decimal comma; None for neither."""
    if _POINT.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    if _COMMA.fullmatch(digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    return None


def signed_cents(shown: Any) -> int | None:
    """The cents of `{"value": 3.0}`, `{"displayValue": "-$3.00"}`, a text or a number; else None.

    Zero is an amount here: a receipt's "$0.00" was really not charged.
    """
    if isinstance(shown, int | Decimal) and not isinstance(shown, bool):
        return half_up(Fraction(shown) * 100)
    if isinstance(shown, Mapping):
        if isinstance(shown.get("value"), Mapping):
            return signed_cents(shown["value"])
        value = number(shown, "value")
        printed = text(shown, "displayValue") or text(shown, "priceString")
        if value is not None:
            cents, other = half_up(Fraction(value) * 100), signed_cents(printed)
            # A number and its text that differ are no amount; signs are printed or not.
            return cents if other is None or abs(other) == abs(cents) else None
        shown = printed
    if not isinstance(shown, str):
        return None
    try:
        return printed_cents(shown)
    except InvalidInput:
        # Words around it: "$0.50 ea", "Was $4.00 now $3.00"; a price by weight is no amount.
        read = read_price(shown.replace("-", " "))
        return read.cents if read and read.quantity == 1 and not read.most_cents else None


def amount_cents(shown: Any) -> int | None:
    """As `signed_cents` without its sign: receipts write savings and refunds with and without."""
    cents = signed_cents(shown)
    return None if cents is None else abs(cents)


def first_cents(node: Any, *paths: str) -> int | None:
    """The first signed amount that is there."""
    found = (signed_cents(at(node, path)) for path in paths)
    return next((cents for cents in found if cents is not None), None)


def foreign_currency(order: Any) -> str | None:
    """The first currency or amount in an order that is not of US dollars; None for none."""
    for key in ("currency", "currencyCode", "currencyUnit"):
        for holder in holders(order, key):
            told = text(holder, key)
            if told is not None and told.upper() not in _OURS:
                return told
    amounts = (text(holder, "displayValue") or "" for holder in holders(order, "displayValue"))
    return next((amount for amount in amounts if _FOREIGN.search(amount)), None)


def totals_of(order: Any) -> OrderTotals:
    """The sums of an order's receipt; None for each that it does not show.

    Raises:
        InvalidInput: a fee whose amount cannot be read; left out, the others would look like all.
    """
    details = next((found for name in _DETAILS if (found := at(order, name))), None)
    tip, refund = _sum_of(details, *_TIP), _sum_of(details, *_REFUND)
    grand, whole = first_cents(details, *_GRAND), first_cents(details, *_WITH_TIP)
    if tip is None and grand is not None and (with_tip := first_cents(details, _WITH_TIP[0])):
        tip = with_tip - grand if with_tip > grand else None
    # Without one of them that is there and cannot be read, a total would pass for what was paid.
    is_open = _is_there(details, tip, *_TIP) or _is_there(details, refund, *_REFUND)
    if grand is None and whole is not None:
        # Lists of orders show one total with the tip in it.
        grand = whole - (tip or 0)
    return OrderTotals(
        subtotal_cents=first_cents(details, *_SUBTOTAL),
        savings_cents=_sum_of(details, *_SAVINGS),
        tax_cents=first_cents(details, *_TAX),
        tip_cents=tip,
        donations_cents=_sum_of(details, "donations", "donation"),
        refund_cents=refund,
        grand_total_cents=None if is_open else grand,
        fees=tuple(_fees(details)),
    )


def _is_there(details: Any, read: int | None, *names: str) -> bool:
    """Whether an amount that was not read stands there, and not just a field or a label for it."""
    shown = (str(at(details, name)) for name in names)
    return read is None and any(any(map(str.isdigit, one)) for one in shown)


def _sum_of(details: Any, *names: str) -> int | None:
    """An amount that may be a list of several, without its sign."""
    for name in names:
        listed = items(details, name)
        if listed:
            each = [amount_cents(one) for one in listed]
            return None if None in each else sum(cents or 0 for cents in each)
        cents = amount_cents(at(details, name))
        if cents is not None:
            return cents
    return None


def _fees(details: Any) -> Iterator[Fee]:
    named = (at(details, name) for name in _NAMED_FEES)
    for fee in [*items(details, "fees"), *named]:
        cents = signed_cents(fee)
        if cents is None and any(at(fee, name) is not None for name in ("value", "displayValue")):
            raise InvalidInput.at("fees", f"no amount in {shape(fee)}")
        if cents is not None:
            yield Fee(label=text(fee, "label") or "Fee", cents=cents)
