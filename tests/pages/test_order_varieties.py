"""Exports as they vary in the wild: encodings, delimiters, signs, dates, and what is left out."""

import gzip
import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.connectors.order_files import read_order_file
from manciple.grocery.domain.orders import Order, disagreement, goods_cents, paid_cents
from manciple.kit.errors import InvalidInput, MancipleError

HEAD = "Order Number,Order Date,Product Name,Qty,Price\n"
PLAIN = HEAD + '77,"Jul 01, 2026","Crème fraîche, 8 oz",2,$7.96\n'


def only(body: bytes | str, name: str = "orders.csv") -> Order:
    read = read_order_file(body if isinstance(body, bytes) else body.encode(), name=name)
    assert read.refused == ()
    (order,) = read.orders
    return order


def refusals(text: str) -> dict[str, tuple[str, ...]]:
    read = read_order_file(text.encode(), name="orders.csv")
    return {one.order_id: one.problems for one in read.refused}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (PLAIN.encode("utf-8-sig"), "orders.csv"),
        (PLAIN.encode("cp1252"), "orders.csv"),
        (PLAIN.encode("utf-16"), "orders.txt"),
        (PLAIN.replace("\n", "\r\n").encode(), "ORDERS.CSV"),
        (PLAIN.replace("\n", "\r").encode(), "orders.csv"),
        (gzip.compress(PLAIN.encode(), mtime=0), "orders.csv.gz"),
        (("My orders\nexported today\n\n" + PLAIN).encode(), "orders.csv"),
        (("sep=,\r\n" + PLAIN).encode(), "orders.csv"),
        (PLAIN.encode(), "orders.dat.txt"),
    ],
    ids=["bom", "cp1252", "utf-16", "crlf", "cr", "gzip", "title", "sep", "txt"],
)
def test_an_export_reads_the_same_however_it_was_saved(body: bytes, name: str) -> None:
    order = only(body, name)

    assert (order.order_id, goods_cents(order)) == ("77", 796)
    assert order.lines[0].name == "Crème fraîche, 8 oz"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_decimal_commas_are_read(delimiter: str) -> None:
    rows = [
        ["Order Number", "Order Date", "Product Name", "Qty", "Price"],
        ["9", "2026-07-01", "Milk, whole", "2", "7,96"],
        ["9", "2026-07-01", "Rice", "1", "1.234,50"],
    ]
    order = only("\n".join(delimiter.join(row) for row in rows))

    assert [line.total_cents for line in order.lines] == [796, 123_450]
    assert order.lines[0].name == "Milk, whole"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("Milk,$3.98,1\nEggs,$2.47,2\n", [("Milk", 1000, 398), ("Eggs", 2000, 247)]),
        ("1,Milk,$3.98\n2,Eggs,$2.47\n", [("Milk", 1000, 398), ("Eggs", 2000, 247)]),
        ("Milk;3.98;1\nEggs;2.47;2\n", [("Milk", 1000, 398), ("Eggs", 2000, 247)]),
        ('"=1+1, a name",$3.98,1.08\n', [("=1+1, a name", 1080, 398)]),
    ],
)
def test_three_columns_without_a_header_are_told_by_what_they_hold(
    rows: str, lines: list[tuple[str, int, int]]
) -> None:
    found = only(rows).lines

    assert [(one.name, one.quantity_thousandths, one.total_cents) for one in found] == lines


def test_columns_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(InvalidInput, match="which are name, price and quantity"):
        read_order_file(b"Bananas,0.58,1.08\n", name="a.csv")


@pytest.mark.parametrize(
    ("printed", "cents"),
    [
        ("$3.98", 398),
        ("3.98", 398),
        ("$1,234.50", 123_450),
        ("USD 3.98", 398),
        ("98¢", 98),
        ("$3", 300),
        ("$3.98 ea", 398),
        ("3.9800000000000004", 398),
        ("FREE", 0),
        ("N/A", None),
        ("-$3.98", -398),
        ("($3.98)", -398),
        ("\u2212$3.98", -398),
        ("$-3.98", -398),
    ],
)
def test_amounts_keep_their_cents_and_their_sign(printed: str, cents: int | None) -> None:
    assert only(f'{HEAD}1,2026-07-01,Milk,1,"{printed}"\n').lines[0].total_cents == cents


@pytest.mark.parametrize("printed", ["€3.98", "CA$3.98", "three", "1.2345", "3.98.1", "$"])
def test_what_is_no_amount_of_dollars_refuses_its_order(printed: str) -> None:
    (problems,) = refusals(f'{HEAD}1,2026-07-01,Milk,1,"{printed}"\n').values()

    assert problems[0].startswith("line 2.line_price: ")


@pytest.mark.parametrize(
    ("printed", "thousandths", "is_weighed"),
    [
        ("2", 2000, False),
        ("2.0", 2000, False),
        ("1.081", 1081, True),
        ("1.08 lb", 1080, True),
        ("2 lb", 2000, True),
        ("x2", 2000, False),
        ("2 ea", 2000, False),
        ("0,5", 500, True),
    ],
)
def test_quantities_may_be_weights(printed: str, thousandths: int, *, is_weighed: bool) -> None:
    line = only(f'{HEAD}1,2026-07-01,Milk,"{printed}",$1.00\n').lines[0]

    assert (line.quantity_thousandths, line.is_weighed) == (thousandths, is_weighed)


@pytest.mark.parametrize("row", ["-1,$3.98", "1,-$3.98", "-1,-$3.98"])
def test_what_was_given_back_lowers_the_sum_and_was_not_bought(row: str) -> None:
    order = only(f"{HEAD}1,2026-07-01,Milk,1,$3.98\n1,2026-07-01,Milk,{row}\n")

    assert goods_cents(order) == 0
    assert [line.was_bought for line in order.lines] == [True, False]
    assert order.lines[1].quantity_thousandths == 1000


FLAT = (
    "Order Number,Order Date,Item Name,Quantity,Item Price,Subtotal,Tax,Driver Tip,Delivery Fee,"
    "Bag Fee,Refund,Order Total,Order Type,Payment Method\n"
    "5,2026-06-15,Soup,4,$1.25,$8.00,$0.10,$2.00,$7.95,$0.25,$1.25,$18.30,Delivery,"
    "VISA ending in 1234 $10.00; Gift card $8.30\n"
    "5,,Bread,1,$3.00,,,,,,,,,\n"
)


def test_tips_fees_refunds_and_several_tenders_are_kept_apart() -> None:
    order = only(FLAT)

    assert [(fee.label, fee.cents) for fee in order.totals.fees] == [
        ("Delivery fee", 795),
        ("Bag fee", 25),
    ]
    assert [(paid.method, paid.cents) for paid in order.payments] == [
        ("VISA ending in 1234", 1000),
        ("Gift card", 830),
    ]
    assert (order.totals.grand_total_cents, order.totals.tip_cents) == (1630, 200)
    assert paid_cents(order) == 1830 - 125
    assert (goods_cents(order), disagreement(order)) == (800, None)


def test_a_unit_price_and_a_line_price_side_by_side_are_both_kept() -> None:
    text = "Order Number,Product Name,Qty,Unit Price,Line Total\n1,Milk,2,$3.98,$7.50\n"
    (line,) = only(text).lines

    assert (line.unit_price_cents, line.total_cents) == (398, 750)


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("In-store", "in_store"),
        ("In Store", "in_store"),
        ("IN_STORE", "in_store"),
        ("Store purchase", "in_store"),
        ("Store pickup", "online"),
        ("Delivery from store", "online"),
        ("Shipping", "online"),
    ],
)
def test_where_it_was_bought_is_told(printed: str, kind: str) -> None:
    text = f"Order Number,Product Name,Qty,Price,Order Type\n1,Milk,1,$1.00,{printed}\n"

    assert only(text).kind == kind


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2026-07-01", "2026-07-01 00:00"),
        ("2026-07-01T14:03:00-04:00", "2026-07-01 18:03"),
        ("2026-07-01T14:03:00Z", "2026-07-01 14:03"),
        ("Jul 1, 2026", "2026-07-01 00:00"),
        ("July 1st, 2026", "2026-07-01 00:00"),
        ("Wed, Jul 1, 2026", "2026-07-01 00:00"),
        ("Jul 1, 2026 at 2:03 PM", "2026-07-01 14:03"),
        ("7/1/2026", "2026-07-01 00:00"),
        ("7/1/26", "2026-07-01 00:00"),
        ("7/1/2026 2:03 PM", "2026-07-01 14:03"),
        ("1 July 2026", "2026-07-01 00:00"),
        ("46204", "2026-07-01 00:00"),
        ("46204.5", "2026-07-01 12:00"),
        ("1782864000000", "2026-07-01 00:00"),
    ],
)
def test_dates_are_read_in_any_usual_writing(printed: str, expected: str) -> None:
    order = only(f'{HEAD}1,"{printed}",Milk,1,$1.00\n')

    assert f"{order.ordered_at:%Y-%m-%d %H:%M}" == expected


def test_a_date_that_is_none_refuses_its_order() -> None:
    assert refusals(f"{HEAD}1,31/12/2026,Milk,1,$1.00\n") == {
        "1": ("date: '31/12/2026' is no date",)
    }


def a_workbook(*rows: list[Any], title: str = "Items") -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("Orders").append(["Order Number", "Total"])
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "day",
    [46_204, date(2026, 7, 1), datetime(2026, 7, 1), "Jul 01, 2026"],  # noqa: DTZ001 - cells know no zone
)
def test_a_workbook_with_dates_as_cells_or_serials_and_merged_numbers(day: Any) -> None:
    header = ["Order Number", "Order Date", "Product Name", "Qty", "Price", "Product Link"]
    link = '=HYPERLINK("https://www.walmart.com/ip/Milk/10450114","Milk")'
    order = only(
        a_workbook(
            header,
            [200011000000042, day, "=Milk", 2, 7.96, link],
            [None, None, "Eggs", 1.0, 2.47, None],
        ),
        "orders.xlsx",
    )

    assert (order.order_id, f"{order.ordered_at:%Y-%m-%d}") == ("200011000000042", "2026-07-01")
    assert [(one.name, one.total_cents, one.product_id) for one in order.lines] == [
        ("=Milk", 796, "10450114"),
        ("Eggs", 247, None),
    ]


def test_a_number_that_a_spreadsheet_rounded_is_refused() -> None:
    (problems,) = refusals(f"{HEAD}2.00011E+14,2026-07-01,Milk,1,$1.00\n").values()

    assert "rounded" in problems[0]


def test_numbers_that_programs_wrap_are_unwrapped() -> None:
    assert only(f'{HEAD}"=""2000110""",2026-07-01,Milk,1,$1.00\n').order_id == "2000110"


NESTED = """{"meta": [], "orders": [{"id": "5", "total": 9.08, "tax": 1.10, "items": [
 {"name": "Milk", "quantity": 2, "price": {"value": 3.98}, "total": 7.96, "tax": 0.55},
 {"name": "Rice", "quantity": 1, "total": 0.02}]}]}"""


def test_an_items_own_sums_are_not_taken_for_the_orders() -> None:
    order = only(NESTED, "orders.json")

    assert order.order_id == "5"
    assert (order.totals.grand_total_cents, order.totals.tax_cents) == (908, 110)
    assert [line.name for line in order.lines] == ["Milk", "Rice"]


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        (b"\xd0\xcf\x11\xe0rest", "orders.xls", "old XLS"),
        (b"%PDF-1.7", "orders.pdf", "expected CSV, XLSX or JSON"),
        (b"PK\x03\x04broken", "orders.xlsx", "workbook"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-9], "orders.csv.gz", "cut off"),
        (b"Order Number,Product Name,Qty,Price\n", "orders.csv", "no items"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(body: bytes, name: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_order_file(body, name=name)


@given(st.binary(max_size=200), st.sampled_from(["csv", "xlsx", "json", "html", "txt", "bin"]))
def test_any_bytes_are_read_or_refused_and_never_crash(body: bytes, ending: str) -> None:
    try:
        read = read_order_file(body, name=f"a.{ending}")
    except MancipleError:
        return
    assert read.orders or read.refused
