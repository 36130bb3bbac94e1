"""Order files that were changed on purpose: read to the cent, or refused with the reason."""

import io
import json
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from manciple.grocery.connectors.order_files import read_order_file
from manciple.grocery.domain.orders import Order, goods_cents, paid_cents
from manciple.kit.errors import Upstream

HEAD = "Order Number,Order Date,Product Name,Qty,Price,Status,Product Link\n"


def table(text: str, *, name: str = "orders.csv") -> Order:
    (order,) = read_order_file(text.encode(), name=name).orders
    return order


def refusal(text: str, *, name: str = "orders.csv") -> str:
    found = read_order_file(text.encode(), name=name)
    assert not found.orders
    return " ".join(problem for one in found.refused for problem in one.problems)


GROUP = {"items": [{"productInfo": {"name": "Milk"}, "quantity": 2}]}


def page(item: Mapping[str, Any], **order: Any) -> bytes:
    milk = {"productInfo": {"name": "Milk"}, "quantity": 2, **item}
    node = {"id": "7", "groups_2101": [{"items": [milk]}], **order}
    return json.dumps({"data": {"order": node}}).encode()


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Product,Paid,Quantity,Order ID,Purchased On", "Milk,$7.96,2,7,07/04/2026"),
        ("Order #,Date Placed,Description,Units,Amount", "7,2026-07-04,Milk,2,7.96"),
        ("Invoice No;Transaction Date;Item;Qty Ordered;Ext. Price", "7;2026-07-04;Milk;2;7,96"),
        ("Order Number,Date,Item,Qty,Item Total (USD)", "7,2026-07-04,Milk,2,7.96"),
        ("Order,Date,Item,Qty,Unit Price,Extended Price", "7,2026-07-04,Milk,2,3.98,7.96"),
    ],
)
def test_other_programs_headings_are_read(heading: str, row: str) -> None:
    order = table(f"{heading}\n{row}\n")
    (line,) = order.lines

    assert (order.order_id, str(order.ordered_at)[:10]) == ("7", "2026-07-04")
    assert (line.name, line.quantity_thousandths, line.total_cents) == ("Milk", 2000, 796)


@pytest.mark.parametrize(
    "heading",
    ["Price,Line Total", "Price,Amount", "Price,Total", "Unit Price,Total", "Price,Subtotal"],
)
def test_of_two_columns_of_prices_the_other_is_the_lines(heading: str) -> None:
    order = table(f"Order Number,Item,Qty,{heading}\n1,Milk,2,3.98,7.96\n1,Eggs,1,2.50,2.50\n")

    assert [line.total_cents for line in order.lines] == [796, 250]
    assert (order.totals.grand_total_cents, order.totals.subtotal_cents) == (None, None)


def test_a_sum_of_one_row_stays_the_orders() -> None:
    heading = "Order Number,Item Name,Item Price,Quantity,Subtotal,Order Total\n"
    order = table(f"{heading}1,Milk,3.98,2,7.96,7.96\n")

    assert (order.totals.subtotal_cents, order.totals.grand_total_cents) == (796, 796)


@pytest.mark.parametrize("sums", ["10.46,0.00", "10.96,0.50"])
def test_a_grand_total_decides_where_no_subtotal_does(sums: str) -> None:
    rows = f"1,Milk,2,3.98,{sums}\n1,Eggs,1,2.50,{sums}\n"
    order = table(f"Order Number,Item,Qty,Price,Order Total,Tax\n{rows}")

    assert [line.total_cents for line in order.lines] == [796, 250]


def test_two_columns_of_one_name_that_differ_refuse_their_order() -> None:
    said = refusal("Order Number,Item,Price,Qty,Price\n1,Milk,3.98,2,7.96\n")

    assert "line_price: stands in two columns of one name, as '3.98' and '7.96'" in said
    assert "beyond" not in said


def test_a_row_with_more_cells_than_columns_refuses_its_order() -> None:
    said = refusal(f"{HEAD}1,2026-07-01,Soup, 4,2,7.96,Delivered,,x\n")

    assert "'x' stands beyond the last column" in said
    assert table(f"{HEAD}1,2026-07-01,Soup,2,7.96,Delivered,,,\n").lines[0].total_cents == 796


def test_a_quantity_that_is_not_told_says_so() -> None:
    assert refusal("Order Number,Item,Price\n1,Milk,1\n") == "line 2.quantity: is not told"


@pytest.mark.parametrize(
    "heading", ["Quantity Ordered,Quantity Delivered", "Ordered Qty,Fulfilled Qty", "Qty,Final Qty"]
)
def test_what_came_counts_and_not_what_was_asked_for(heading: str) -> None:
    order = table(f"Order Number,Item,{heading},Price\n1,Milk,3,2,7.96\n")

    assert order.lines[0].quantity_thousandths == 2000


def test_nothing_of_a_good_counts_as_canceled() -> None:
    order = table(f"{HEAD}1,,Milk,0,3.98,,\n1,,Eggs,1,2.50,,\n")

    assert ([line.is_canceled for line in order.lines], goods_cents(order)) == ([True, False], 250)


def test_a_repeated_header_is_no_order() -> None:
    found = read_order_file(f"{HEAD}1,,Milk,1,1,,\n{HEAD}2,,Eggs,1,1,,\n".encode(), name="a.csv")

    assert ([one.order_id for one in found.orders], found.refused) == (["1", "2"], ())


def test_a_file_below_itself_is_not_counted_twice() -> None:
    part = f"{HEAD}1,,Milk,1,1,,\n"

    assert "below several headers" in refusal(part + part)
    assert len(table(part + part.replace("Milk", "Eggs")).lines) == 2


def test_rows_of_several_days_without_a_number_are_an_order_a_day() -> None:
    rows = "2026-07-01,Milk,1,1\n,Eggs,1,1\n2026-07-03,Ham,1,1\n2026-07-01 09:00,Tea,1,1\n"
    found = read_order_file(f"Date,Item,Qty,Price\n{rows}".encode(), name="a.csv").orders

    assert [[line.name for line in one.lines] for one in found] == [
        ["Milk", "Eggs", "Tea"],
        ["Ham"],
    ]
    assert [f"{one.ordered_at:%d}" for one in found] == ["01", "03"]


@pytest.mark.parametrize(
    ("dates", "read"),
    [
        (["03/11/2025", "13/11/2025", "24/12/2025"], ["11-03", "11-13", "12-24"]),
        (["03.11.2025", "13.11.2025", "24.12.2025"], ["11-03", "11-13", "12-24"]),
        (["03/11/2025", "04/12/2025", "13/11/2025"], ["03-11", "04-12"]),
        (["03/11/2025", "13/11/2025", "14/11/2025", "11/24/2025"], ["03-11", "11-24"]),
        (["3-Nov-25"], ["11-03"]),
    ],
)
def test_days_come_first_only_where_the_file_shows_it(dates: list[str], read: list[str]) -> None:
    rows = "".join(f"{number},{day},Milk,1,1,,\n" for number, day in enumerate(dates))
    found = read_order_file(f"{HEAD}{rows}".encode(), name="a.csv").orders

    assert [f"{one.ordered_at:%m-%d}" for one in found] == read


@pytest.mark.parametrize("subtotal", ["4.50", ""])
def test_the_receipt_tells_which_of_two_goods_was_sent(subtotal: str) -> None:
    heading = "Order Number,Product Name,Qty,Price,Status,Subtotal\n"
    rows = f"1,Milk A,1,5.00,Substituted,{subtotal}\n1,Milk B,1,4.50,Delivered,{subtotal}\n"
    order = table(heading + rows)

    assert [line.is_canceled for line in order.lines] == [bool(subtotal), False]


@pytest.mark.parametrize("heading", ["Price (CAD)", "Price (cents)", "Cost to me", "price_cents"])
def test_a_column_of_another_money_is_not_taken_for_dollars(heading: str) -> None:
    assert table(f"Order Number,Item,Qty,{heading}\n1,Milk,1,796\n").lines[0].total_cents is None


def test_a_currency_beside_the_price_refuses_its_order() -> None:
    assert "'CAD'" in refusal("Order Number,Item,Qty,Price,Currency\n1,Milk,1,7.96,CAD\n")


@pytest.mark.parametrize(
    "below",
    [
        ",,Total,,$7.96,,\n",
        "Total,,,1,$7.96,,\n",
        "1,,Grand Total,,$8.46,,\n",
        "1,,Subtotal,1,$7.96,,\n1,,Tax,1,$0.50,,\n1,,Driver tip,1,$5.00,,\n",
    ],
)
def test_rows_of_sums_are_no_goods(below: str) -> None:
    order = table(f"{HEAD}1,2026-07-01,Milk,1,$7.96,,\n{below}")

    assert (len(order.lines), goods_cents(order)) == (1, 796)


def test_rows_of_sums_of_an_order_are_its_totals() -> None:
    rows = "1,,Tax,1,$0.50,,\n1,,Driver tip,1,$5.00,,\n1,,Order total,,$8.46,,\n"
    totals = table(f"{HEAD}1,2026-07-01,Milk,1,$7.96,,\n{rows}").totals

    assert (totals.tax_cents, totals.tip_cents, totals.grand_total_cents) == (50, 500, 846)


def test_sums_that_differ_from_row_to_row_are_not_the_orders() -> None:
    heading = "Order Number,Item Name,Item Price,Quantity,Subtotal\n"
    order = table(f"{heading}1,Milk,3.98,2,7.96\n1,Eggs,1.00,1,9.96\n")

    assert order.totals.subtotal_cents is None


def test_a_second_row_that_says_refunded_gives_back() -> None:
    order = table(f"{HEAD}1,,Milk,1,$7.96,Delivered,\n1,,Milk,1,$7.96,Refunded,\n")

    assert [line.is_refund for line in order.lines] == [False, True]
    assert goods_cents(order) == 0


@pytest.mark.parametrize(
    ("row", "cents"), [("1.08 lb,$0.54/lb,", 58), ("2 lb,$0.54/lb,1.10", 110), ("2,$1.50/ea,", 300)]
)
def test_a_price_by_unit_counts_where_the_quantity_is_in_that_unit(row: str, cents: int) -> None:
    order = table(f"Order Number,Item,Qty,Unit Price,Price\n1,Bananas,{row}\n")

    assert order.lines[0].total_cents == cents


@pytest.mark.parametrize("row", ["3,$0.54/lb", "2 kg,$0.54/lb", "2 lb,$0.54/ea"])
def test_a_price_by_another_unit_refuses_its_order(row: str) -> None:
    assert "another unit" in refusal(f"Order Number,Item,Qty,Unit Price\n1,Bananas,{row}\n")


ITEM = {"name": "Milk", "quantity": 2, "unitPrice": 3.98}


@pytest.mark.parametrize(
    "data",
    [
        {"data": {"orders": [{"orderId": "7", "items": [ITEM]}]}},
        {"7": {"date": "2026-07-01", "items": [ITEM]}},
        [{"orderNumber": "7", "shipments": [{"items": [ITEM]}]}],
    ],
    ids=["wrapped", "keyed", "parcels"],
)
def test_json_is_read_however_its_orders_are_nested(data: Any) -> None:
    order = table(json.dumps(data), name="orders.json")

    assert (order.order_id, order.lines[0].total_cents) == ("7", 796)


def test_every_parcel_of_an_order_counts() -> None:
    parcels = [{"items": [ITEM]}, {"items": [{**ITEM, "name": "Eggs"}]}]
    order = table(json.dumps([{"orderNumber": "7", "shipments": parcels}]), name="o.json")

    assert [line.name for line in order.lines] == ["Milk", "Eggs"]


def test_an_amount_object_of_another_currency_refuses_its_order() -> None:
    item = {"name": "Milk", "quantity": 1, "linePrice": {"value": 3.98, "currency": "CAD"}}

    assert "CAD 3.98" in refusal(json.dumps([{"orderNumber": "7", "items": [item]}]), name="o.json")


def test_json_of_an_object_a_line_is_a_list_of_them() -> None:
    lines = "\n".join(json.dumps({"orderId": "7", **ITEM}) for _ in range(2)) + "\n"

    assert len(table(lines, name="o.json").lines) == len(table(lines, name="o.jsonl").lines) == 2


def test_an_item_may_keep_its_good_apart() -> None:
    item = {"product": {"name": "Milk", "usItemId": "9"}, "quantity": 2, "linePrice": 7.96}
    (line,) = table(json.dumps([{"orderId": "7", "items": [item]}]), name="o.json").lines

    assert (line.name, line.product_id, line.total_cents) == ("Milk", "9", 796)


@pytest.mark.parametrize("data", [{"foo": {"bar": [1]}}, [{"a": 1}], {"orders": [{"id": "1"}]}])
def test_json_of_an_unknown_shape_is_an_error_that_names_it(data: Any) -> None:
    with pytest.raises(Upstream, match=r"no orders: the page's data is .*; as an export: "):
        read_order_file(json.dumps(data).encode(), name="o.json")


def workbook(sheets: Mapping[str, Any]) -> bytes:
    book = openpyxl.Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


COLUMNS = ["Order Number", "Product Name", "Qty", "Price"]


def test_every_sheet_that_lists_items_counts_and_a_cover_does_not() -> None:
    sheets = {"Cover": [["Orders", 2]], "June": [COLUMNS, ["6", "Milk", 1, 7.96]]}
    book = workbook({**sheets, "July": [COLUMNS, ["7", "Eggs", 1, 2]]})
    found = read_order_file(book, name="orders.xlsx")

    assert [(one.order_id, goods_cents(one)) for one in found.orders] == [("6", 796), ("7", 200)]


def test_an_order_on_two_sheets_is_not_counted_twice() -> None:
    sheet = [COLUMNS, ["7", "Eggs", 1, 2]]
    found = read_order_file(workbook({"All": sheet, "July": sheet}), name="orders.xlsx")

    assert not found.orders
    assert "several sheets" in found.refused[0].problems[0]


def test_a_header_of_two_lines_is_one() -> None:
    groups = ["Order", None, "Product", None, None]
    rows = [
        groups,
        ["Number", "Date", "Name", "Qty", "Price"],
        ["7", "2026-07-01", "Milk", 2, 3.98],
    ]
    (order,) = read_order_file(workbook({"Export": rows}), name="orders.xlsx").orders

    assert (order.order_id, order.lines[0].quantity_thousandths) == ("7", 2000)


def test_a_number_and_its_text_that_differ_are_no_amount() -> None:
    both = {"priceInfo": {"linePrice": {"value": 9.96, "displayValue": "$7.96"}}}
    (order,) = read_order_file(page(both), name="order.json").orders

    assert order.lines[0].total_cents is None


@pytest.mark.parametrize(
    ("item", "order", "said"),
    [
        ({"priceInfo": {"linePrice": {"displayValue": "CA$7.96"}}}, {}, "not US dollars"),
        ({}, {"currency": "CAD"}, "not US dollars"),
        ({}, {"priceDetails": {"grandTotal": {"displayValue": "24,11 €"}}}, "not US dollars"),
        ({"quantity": "1,081"}, {}, "no name or quantity"),
        ({"quantity": None}, {}, "no name or quantity"),
    ],
)
def test_an_order_that_cannot_be_read_whole_is_an_error(
    item: Mapping[str, Any], order: Mapping[str, Any], said: str
) -> None:
    with pytest.raises(Upstream, match=said):
        read_order_file(page(item, **order), name="order.json")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"groups_2101": [{"goods": []}]}, "no orders|no items"),
        ({"groups_2101": [GROUP, {"fulfillmentType": "SHIPPING"}]}, "group 1: no items"),
        ({"groups_2101": [{**GROUP, "status": {"text2": "Canceled"}}]}, "status of unknown shape"),
        ({"priceDetails": {"fees": [{"label": "Bag", "value": ["1"]}]}}, "fees: no amount"),
    ],
)
def test_a_part_of_a_whole_order_that_is_not_understood_is_not_left_out(
    changed: Mapping[str, Any], said: str
) -> None:
    with pytest.raises(Upstream, match=said):
        read_order_file(page({}, **changed), name="order.json")


def test_a_total_with_a_tip_that_cannot_be_read_is_no_total() -> None:
    details = {"orderTotal": {"displayValue": "$9.00"}, "driverTip": {"displayValue": ["$2"]}}
    (order,) = read_order_file(page({}, priceDetails=details), name="order.json").orders

    assert (order.totals.grand_total_cents, order.totals.tip_cents) == (None, None)


@pytest.mark.parametrize(
    ("details", "tip", "paid"),
    [
        ({"driverTip": {"displayValue": "$2.00"}}, 200, 1100),
        ({"driverTip": {"value": {"displayValue": "$2.00"}}}, 200, 1100),
        ({"driverTip": [{"displayValue": "$2.00"}]}, 200, 1100),
        ({"grandTotalWithTips": {"displayValue": "$11.00"}}, 200, 1100),
        ({"driverTip": {"label": "Driver tip", "displayValue": None}}, None, 900),
        ({"driverTip": {"amounts": {"usd": "2.00"}}}, None, None),
        ({"refund": {"amounts": {"usd": "2.00"}}}, None, None),
    ],
    ids=str,
)
def test_what_was_paid_is_not_told_without_a_part_that_stands_there(
    details: Mapping[str, Any], tip: int | None, paid: int | None
) -> None:
    sums = {"grandTotal": {"displayValue": "$9.00"}, **details}
    (order,) = read_order_file(page({}, priceDetails=sums), name="order.json").orders

    assert (order.totals.tip_cents, paid_cents(order)) == (tip, paid)


def test_an_order_without_its_items_has_no_sum_of_goods() -> None:
    shown = {"purchaseHistory": {"orders": [{"id": "7", "groups": []}]}}
    (order,) = read_order_file(json.dumps(shown).encode(), name="list.json").orders

    assert goods_cents(order) is None


def test_a_sum_of_which_a_part_cannot_be_read_is_none() -> None:
    details = {"discounts": [{"displayValue": "$2.00"}, {"displayValue": ["$1.00"]}]}
    (order,) = read_order_file(page({}, priceDetails=details), name="order.json").orders

    assert order.totals.savings_cents is None
