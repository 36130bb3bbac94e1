"""Orders out of the exports that people already have: sheets of items, flat CSV, bare lists.

Exports do not say whether a price is for one piece or for the line. The receipt decides: whichever
reading adds up to the order's subtotal is taken.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

import msgspec

from manciple.grocery.connectors.order_columns import (
    amount,
    columns_of,
    each,
    fees,
    has,
    is_by_unit,
    payments,
    quantity,
    said,
)
from manciple.grocery.connectors.order_dates import days_come_first, read_instant
from manciple.grocery.connectors.order_grouping import rows_by_order
from manciple.grocery.connectors.order_tables import PART, SHEET, rows_of
from manciple.grocery.connectors.order_words import BEYOND, OF_ORDER, Row
from manciple.grocery.domain.money import line_cents
from manciple.grocery.domain.orders import (
    Order,
    OrderFile,
    OrderLine,
    OrderTotals,
    RefusedOrder,
    adds_up,
    settled,
)
from manciple.kit.errors import InvalidInput, Problem

SOURCE = "order-export"

_ID_IN_LINK = re.compile(r"/ip/(?:[^/?\"]+/)?(\d+)")
_CANCELED = re.compile(r"cancel|unavailable|out of stock", re.IGNORECASE)
_IN_STORE = re.compile(r"\bin[\s_-]?store\b|^store(?:\s+purchase)?$|\bregister\b", re.IGNORECASE)
_OURS = frozenset({"USD", "US$", "$"})
_TOTALS = ("subtotal", "tax", "total", "discount", "tip", "donation", "refund")
# A spreadsheet keeps fifteen digits and writes longer numbers like this: the order is lost.
_ROUNDED = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)


def read_export(body: bytes, *, name: str) -> OrderFile:
    """The orders of an export file; `name` tells its format by its ending.

    Raises:
        InvalidInput: the file as a whole cannot be read.
    """
    file_id = "file-" + hashlib.sha256(body).hexdigest()[:16]
    by_order = rows_by_order(rows_of(body, name=name), file_id=file_id)
    if not by_order:
        raise InvalidInput.at("file", "holds no items")
    dates = (said(row, "date") for rows in by_order.values() for _, row in rows)
    is_day_first = days_come_first(dates)
    orders, refused = [], []
    for order_id, rows in by_order.items():
        try:
            orders.append(_order(order_id, rows, is_day_first=is_day_first))
        except InvalidInput as error:
            problems = tuple(str(problem) for problem in error.problems)
            refused.append(RefusedOrder(order_id=order_id, problems=problems))
    return OrderFile(orders=tuple(orders), refused=tuple(refused))


def _order(order_id: str, rows: Sequence[tuple[int, Row]], *, is_day_first: bool) -> Order:
    if _ROUNDED.fullmatch(order_id):
        problem = "a spreadsheet has rounded it; export the numbers as text"
        raise InvalidInput.at("order", problem)
    items = [(number, row) for number, row in rows if OF_ORDER not in row]
    if len({row.get(SHEET) for _, row in items}) > 1:
        raise InvalidInput.at("order", "stands on several sheets, which may repeat its items")
    if _repeats(row for _, row in items):
        problem = "stands below several headers, with some of its items again"
        raise InvalidInput.at("order", problem)
    lines, problems = [], []
    for number, row in items:
        if len(row) == 1:
            continue
        try:
            lines.append(_line(row))
        except InvalidInput as error:
            problems += [Problem((f"line {number}", *p.where), p.problem) for p in error.problems]
    if problems:
        raise InvalidInput(*problems)
    head = _head([row for _, row in rows])
    totals = _totals(head)
    return Order(
        order_id=order_id,
        ordered_at=read_instant(said(head, "date"), is_day_first=is_day_first),
        kind=_kind(said(head, "kind")),
        status=said(head, "status") or None,
        store=said(head, "store") or None,
        lines=_priced(lines, totals, is_unit=not has(head, "line_price")),
        totals=totals,
        payments=payments(head),
        source=SOURCE,
    )


def _repeats(rows: Iterable[Row]) -> bool:
    """Whether a row stands in several parts of the file: somebody put a file below itself."""
    places: dict[tuple[tuple[str, str], ...], str] = {}
    for row in rows:
        part, held = row.get(PART, ""), tuple(pair for pair in row.items() if pair[0] != PART)
        if places.setdefault(held, part) != part:
            return True
    return False


def _head(rows: Sequence[Row]) -> Row:
    """What the rows of an order say of it together: of each column the first that is filled."""
    together: dict[str, str] = {}
    for row in rows:
        for column, cell in row.items():
            together[column] = together.get(column) or cell
    # Sums that differ from row to row are not the order's.
    for fact in _TOTALS:
        if len({said(row, fact) for row in rows if said(row, fact)}) > 1:
            together = {key: cell for key, cell in together.items() if key not in columns_of(fact)}
    return together


def _totals(head: Row) -> OrderTotals:
    tip, whole = amount(head, "tip"), amount(head, "total")
    parts = [amount(head, fact) or 0 for fact in ("subtotal", "tax", "donation")]
    charged, saved = sum(parts) + sum(fee.cents for fee in fees(head)), amount(head, "discount")
    # Whether the total has the tip in it is told by what it adds up to.
    if tip and whole is not None and whole - tip in (charged, charged - abs(saved or 0)):
        whole -= tip
    return OrderTotals(
        subtotal_cents=amount(head, "subtotal"),
        savings_cents=None if saved is None else abs(saved),
        tax_cents=amount(head, "tax"),
        tip_cents=tip,
        donations_cents=amount(head, "donation"),
        refund_cents=_unsigned(amount(head, "refund")),
        grand_total_cents=whole,
        fees=fees(head),
    )


def _unsigned(cents: int | None) -> int | None:
    return None if cents is None else abs(cents)


def _kind(printed: str) -> str:
    is_there = _IN_STORE.search(printed) and "pickup" not in printed.lower()
    return "in_store" if is_there else "online"


def _line(row: Row) -> OrderLine:
    """The line of a row, its price still as printed; what was given back is below zero."""
    problems: list[Problem] = []
    pieces, is_weight, line, one = None, False, None, None
    try:
        pieces, is_weight = quantity(row)
    except InvalidInput as error:
        problems += error.problems
    try:
        line, one = amount(row, "line_price"), each(row)
    except InvalidInput as error:
        problems += error.problems
    if row.get(BEYOND):
        problem = f"{row[BEYOND]!r} stands beyond the last column: is a comma in a name quoted?"
        problems.append(Problem((), problem))
    name = said(row, "name")
    currency = said(row, "currency")
    if currency and currency.upper() not in _OURS:
        problems.append(Problem(("currency",), f"{currency!r}, not US dollars"))
    if not name:
        problems.append(Problem(("name",), "is empty"))
    if problems or pieces is None:
        raise InvalidInput(*problems)
    is_refund = pieces < 0 or (line or 0) < 0 or (one or 0) < 0
    if line is None and one is not None and is_by_unit(row):
        line = line_cents(abs(one), int((abs(pieces) * 1000).to_integral_value()))
    printed = one if line is None else line
    link, status = _ID_IN_LINK.search(said(row, "link")), said(row, "status")
    return OrderLine(
        name=name,
        product_id=said(row, "product_id") or (link[1] if link else None),
        quantity_thousandths=int((abs(pieces) * 1000).to_integral_value()),
        total_cents=None if printed is None else (-abs(printed) if is_refund else printed),
        unit_price_cents=None if line is None else _unsigned(one),
        is_weighed=is_weight or pieces != pieces.to_integral_value(),
        is_canceled=bool(_CANCELED.search(status)) or pieces == 0,
        is_refund=is_refund,
        seller=said(row, "seller") or None,
        status=status or None,
    )


def _priced(
    printed: list[OrderLine], totals: OrderTotals, *, is_unit: bool
) -> tuple[OrderLine, ...]:
    """The lines with unit price and line price told apart by the receipt, else by the heading."""
    goal = totals if totals.subtotal_cents is not None else _implied(totals)
    readings = [settled(lines, goal) for lines in (tuple(map(_as_unit, printed)), printed)]
    fitting = next((lines for lines in readings if adds_up(lines, goal)), None)
    return fitting or readings[0 if is_unit else 1]


def _implied(totals: OrderTotals) -> OrderTotals:
    """The totals with the subtotal that the grand total leaves for the goods."""
    whole = totals.grand_total_cents
    if whole is None:
        return totals
    beside = (totals.tax_cents or 0) + (totals.donations_cents or 0)
    goods = whole - beside - sum(fee.cents for fee in totals.fees)
    return msgspec.structs.replace(totals, subtotal_cents=goods)


def _as_unit(line: OrderLine) -> OrderLine:
    if line.total_cents is None or line.unit_price_cents is not None:
        return line
    total = line_cents(line.total_cents, line.quantity_thousandths)
    each = abs(line.total_cents)
    return msgspec.structs.replace(line, unit_price_cents=each, total_cents=total)
