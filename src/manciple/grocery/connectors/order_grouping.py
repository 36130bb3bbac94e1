"""Rows of an export under the order that each belongs to."""

import re
from collections.abc import Iterable
from functools import lru_cache

from manciple.grocery.connectors.order_columns import quantity, said
from manciple.grocery.connectors.order_dates import read_instant
from manciple.grocery.connectors.order_money import printed_cents
from manciple.grocery.connectors.order_words import OF_ORDER, Row, normal
from manciple.grocery.domain.money import line_cents
from manciple.kit.errors import InvalidInput

# Rows that programs write below the items, by the column that holds the same.
_SUMS = {
    "subtotal": "subtotal",
    "tax": "tax",
    "salestax": "tax",
    "estimatedtax": "tax",
    "total": "total",
    "grandtotal": "total",
    "ordertotal": "total",
    "tip": "tip",
    "drivertip": "tip",
    "deliveryfee": "deliveryfee",
    "bagfee": "bagfee",
    "shipping": "shipping",
    "totals": "total",
}
_MAY_BE_OF_THE_LINE = ("total", "subtotal")
# What programs put around a number so that spreadsheets leave it alone; and a float's tail.
_WRAPPED = re.compile(r"^(?:=?\"|')?(?P<id>.*?)\"?(?:\.0)?$")


def rows_by_order(
    rows: Iterable[tuple[int, Row]], *, file_id: str
) -> dict[str, list[tuple[int, Row]]]:
    """The rows of each order with their lines, in the order of the file; sums under their column.

    Rows without a number belong to the order above them, as beside merged cells; where there is
    none at all, those of one day are one order, named after the file.
    """
    by_order: dict[str, list[tuple[int, Row]]] = {}
    whole: dict[str, tuple[int, Row]] = {}
    order_id, made = file_id, dict[str, str]()
    for number, row in rows:
        named = _order_id(row)
        summed = _SUMS.get(normal(said(row, "name") or named))
        if summed and not (said(row, "product_id") or said(row, "link")):
            # A sum of the whole file belongs to no order.
            if named in by_order:
                by_order[named].append((number, {summed: _sum_in(row)}))
            continue
        if OF_ORDER in row:
            whole[named] = (number, row)
            continue
        is_unnamed = not named and order_id.startswith(file_id)
        if is_unnamed and (day := _day(said(row, "date"))):
            order_id = made.setdefault(day, f"{file_id}-{len(made) + 1}" if made else file_id)
        order_id = named or order_id
        by_order.setdefault(order_id, []).append((number, row))
    told = _with_line_totals(by_order)
    return {key: [*rows, whole[key]] if key in whole else rows for key, rows in told.items()}


def _sum_in(row: Row) -> str:
    return said(row, "line_price") or said(row, "unit_price") or said(row, "total")


def _order_id(row: Row) -> str:
    found = _WRAPPED.match(said(row, "order"))
    return found["id"].strip().removeprefix("#") if found else ""


@lru_cache(maxsize=1_024)
def _day(printed: str) -> str:
    """The day of a date, which many rows share; of what is no date what is printed."""
    try:
        instant = read_instant(printed)
    except InvalidInput:
        return printed
    return instant.date().isoformat() if instant else ""


def _with_line_totals(
    by_order: dict[str, list[tuple[int, Row]]],
) -> dict[str, list[tuple[int, Row]]]:
    """The rows, where a column that may hold the order's sum holds the line's under its name.

    That is so where it is the price times the quantity in every row, and in several of one order.
    """
    for column in _MAY_BE_OF_THE_LINE:
        told = [[row for _, row in rows if row.get(column)] for rows in by_order.values()]
        is_told = any(len(rows) > 1 for rows in told)
        if is_told and all(_is_product(row, column) for rows in told for row in rows):
            by_order = {
                order_id: [(number, _renamed(row, column)) for number, row in rows]
                for order_id, rows in by_order.items()
            }
    return by_order


def _is_product(row: Row, column: str) -> bool:
    try:
        pieces, _ = quantity(row)
        one, total = printed_cents(said(row, "unit_price") or row.get("price", "")), row[column]
        thousandths = int((pieces * 1000).to_integral_value())
        return one is not None and printed_cents(total) == line_cents(one, thousandths)
    except InvalidInput:
        return False


def _renamed(row: Row, column: str) -> Row:
    return {"linetotal" if key == column else key: cell for key, cell in row.items()}
