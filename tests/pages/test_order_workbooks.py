"""Workbooks that speak of more than they hold, or hold more than any list of orders."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from manciple.grocery.connectors.order_files import read_order_file
from manciple.grocery.domain.orders import goods_cents, paid_cents
from manciple.kit.errors import InvalidInput

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cell(place: str, said: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


def row(number: int, *cells: str) -> str:
    places = zip("ABCD", cells, strict=False)
    held = "".join(cell(f"{column}{number}", said) for column, said in places)
    return f'<row r="{number}">{held}</row>'


HEAD = row(1, "Order Number", "Product Name", "Qty", "Price")
COLUMNS = ["Order Number", "Product Name", "Qty", "Price"]
MILK = row(2, "7", "Milk", "2", "7.96")


def workbook(rows: str, *, says: str = "") -> bytes:
    plain, packed = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not name.endswith("sheet1.xml"):
                new.writestr(name, old.read(name))
        sheet = f'<worksheet xmlns="{_MAIN}">{says}<sheetData>{rows}</sheetData></worksheet>'
        new.writestr("xl/worksheets/sheet1.xml", sheet)
    return packed.getvalue()


def test_what_a_sheet_says_of_its_size_is_not_filled_in() -> None:
    last = row(1_000_000, "7", "Eggs", "1", "2.50")
    book = workbook(HEAD + MILK + last, says='<dimension ref="A1:XFD1048576"/>')
    (order,) = read_order_file(book, name="orders.xlsx").orders

    assert goods_cents(order) == 796 + 250


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (HEAD + MILK + row(2_000_000_000, "7", "Eggs", "1", "2.50"), "more than 1048576 lines"),
        (f'<row r="1">{cell("XFD1", "Name")}</row>', "line 1: more than 1000 columns"),
        (
            HEAD + "".join(f'<row r="{at}"><c r="ALL{at}"/></row>' for at in range(2, 3_003)),
            "more than 3000000 cells",
        ),
    ],
    ids=["lines", "columns", "cells"],
)
def test_more_than_any_list_of_orders_is_refused(rows: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_order_file(workbook(rows), name="orders.xlsx")


ORDERS = [
    ["Order Number", "Order Date", "Subtotal", "Tip", "Total"],
    ["7", "2026-07-01", 7.96, 2, 9.96],
]


@pytest.mark.parametrize("title", ["Items", "Goods"])
@pytest.mark.parametrize("cover", [[["A cover", 2]], [["x", "y", "z", "w"], [1, 2, 3, 4]]])
def test_a_sheet_of_orders_tells_what_the_items_leave_open(title: str, cover: Any) -> None:
    book = openpyxl.Workbook()
    sheets = {"Cover": cover, title: [COLUMNS, ["7", "Milk", 2, 3.98]], "Orders": ORDERS}
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    del book["Sheet"]
    packed = io.BytesIO()
    book.save(packed)
    (order,) = read_order_file(packed.getvalue(), name="orders.xlsx").orders

    assert ([line.total_cents for line in order.lines], goods_cents(order)) == ([796], 796)
    assert (str(order.ordered_at)[:10], order.totals.subtotal_cents) == ("2026-07-01", 796)
    assert (order.totals.tip_cents, paid_cents(order)) == (200, 996)
