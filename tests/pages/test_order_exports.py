import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.connectors.order_exports import read_export
from manciple.grocery.domain.orders import Order, disagreement, goods_cents
from manciple.kit.errors import InvalidInput

ITEMS = """Order Number,Order Date,Product Name,Qty,Price,Status,Order Type,Product Link
2000-1,"Jul 01, 2026",Milk 1 Gallon,2,$7.96,Delivered,Delivery,https://www.walmart.com/ip/Milk/10450114
2000-1,"Jul 01, 2026","=HYPERLINK(""x"")",1,$1.00,Canceled,Delivery,
2000-2,"Jul 09, 2026","Bananas, each",1.081,$0.58,Purchased,In-store,/ip/44390948
"""

FLAT = (
    "Order Number,Order Date,Status,Item Name,Item Price,Quantity,"
    "Subtotal,Tax,Order Total,Order Type,Associate Discount,Store Location"
    """
77,2026-06-15,Delivered,Soup,$1.25,4,$8.00,$0.10,$8.10,Online,,Springfield
77,2026-06-15,Delivered,Bread,$3.00,1,$8.00,$0.10,$8.10,Online,,Springfield
78,06/20/2026,Delivered,Eggs,$5.00,2,$5.00,,$5.00,Online,,
"""
)


def orders(text: str, name: str = "orders.csv") -> dict[str, Order]:
    return {order.order_id: order for order in read_export(text.encode(), name=name).orders}


def test_a_sheet_of_items_becomes_orders() -> None:
    first = orders(ITEMS)["2000-1"]

    assert [line.product_id for line in first.lines] == ["10450114", None]
    assert goods_cents(first) == 796
    assert first.lines[1].is_canceled
    assert str(first.ordered_at) == "2026-07-01 00:00:00+00:00"


def test_a_name_that_looks_like_a_formula_stays_text() -> None:
    assert orders(ITEMS)["2000-1"].lines[1].name == '=HYPERLINK("x")'


def test_weight_and_store_are_told() -> None:
    second = orders(ITEMS)["2000-2"]

    assert second.kind == "in_store"
    assert second.lines[0].quantity_thousandths == 1081
    assert second.lines[0].is_weighed


def test_the_receipt_decides_whether_a_price_is_for_one_or_for_all() -> None:
    flat = orders(FLAT)

    assert [line.total_cents for line in flat["77"].lines] == [500, 300]
    assert [line.total_cents for line in flat["78"].lines] == [500]
    assert disagreement(flat["77"]) is None
    assert flat["77"].store == "Springfield"


def test_a_bare_list_is_one_order_named_by_its_content() -> None:
    bare = orders("Milk,$3.98,1\nEggs,$2.47,2\n")

    ((order_id, order),) = bare.items()
    assert order_id.startswith("file-")
    assert goods_cents(order) == 645
    assert order.ordered_at is None
    assert orders("Milk,$3.98,1\nEggs,$2.47,2\n").keys() == bare.keys()


def test_a_wrong_row_refuses_its_whole_order_and_no_other() -> None:
    broken = ITEMS.replace("Milk 1 Gallon,2,$7.96", "Milk 1 Gallon,two,lots")
    export = read_export(broken.encode(), name="orders.csv")

    assert [order.order_id for order in export.orders] == ["2000-2"]
    assert [(one.order_id, one.problems) for one in export.refused] == [
        (
            "2000-1",
            (
                "line 2.quantity: 'two' is no number",
                "line 2.line_price: 'lots' is no amount of US dollars",
            ),
        )
    ]


def test_a_workbook_reads_as_its_csv() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Items"
    sheet.append(["Order Number", "Order Date", "Product Name", "Qty", "Price"])
    sheet.append(["9", "Jul 01, 2026", "Milk", 2, "$7.96"])
    file = io.BytesIO()
    book.save(file)

    (order,) = read_export(file.getvalue(), name="orders.XLSX").orders
    assert (order.order_id, goods_cents(order)) == ("9", 796)


def test_json_may_nest_items_in_orders() -> None:
    nested = json.dumps(
        {
            "orders": [
                {
                    "orderNumber": "5",
                    "orderDate": "2026-01-02T10:00:00-05:00",
                    "items": [{"productName": "Milk", "qty": 1, "price": 3.98}],
                }
            ]
        }
    )

    (order,) = orders(nested, "orders.json").values()
    assert goods_cents(order) == 398
    assert str(order.ordered_at) == "2026-01-02 15:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        (b"a,b\n1,2\n", "x.csv", "product's name"),
        (b"\x81,\x00", "x.csv", "UTF-8"),
        (b"", "x.csv", "no items"),
        (b"hello", "x.pdf", "CSV, XLSX or JSON"),
        (b"hello", "x.xlsx", "workbook"),
        (b"{", "x.json", "not JSON"),
        (b"[1]", "x.json", "no object"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(body: bytes, name: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_export(body, name=name)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_line_keeps_its_cents_whatever_they_are(cents: int, quantity: int) -> None:
    row = f"Order Number,Product Name,Qty,Price\n1,A,{quantity / 1000},${cents / 100:.2f}\n"
    exported = read_export(row.encode(), name="a.csv")

    if exported.orders:
        assert goods_cents(exported.orders[0]) == cents
    else:
        assert exported.refused
