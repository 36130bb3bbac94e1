"""Order pages of builds that nobody recorded: renamed, moved and missing fields, never guessed."""

import json
from typing import Any

import pytest

from manciple.grocery.connectors.order_files import read_order_file
from manciple.grocery.connectors.walmart_orders import OrderPage, read_order_page
from manciple.grocery.domain.orders import Order, disagreement, goods_cents, paid_cents
from manciple.kit.errors import Upstream


def an_item(name: str, cents: int, quantity: Any = 1, **more: Any) -> dict[str, Any]:
    price = {"linePrice": {"displayValue": f"${cents / 100:.2f}", "value": cents / 100}}
    return {"productInfo": {"name": name, "usItemId": name}, "quantity": quantity} | {
        "priceInfo": price,
        **more,
    }


def a_group(*items: dict[str, Any], said: str = "Delivered", **more: Any) -> dict[str, Any]:
    status = {"message": {"parts": [{"text": said}]}}
    return {"status": status, "fulfillmentType": "DELIVERY", "items": list(items)} | more


def an_order(*groups: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "7", "orderDate": "2026-07-01T14:23:00-04:00", "groups_2101": list(groups)} | more


def page(data: Any) -> OrderPage:
    return read_order_page(json.dumps(data).encode())


def only(data: Any) -> Order:
    (order,) = page(data).orders
    return order


WHOLE = an_order(a_group(an_item("Milk", 398), an_item("Rice", 200)))


@pytest.mark.parametrize(
    "nested",
    [
        lambda order: {"data": {"order": order}},
        lambda order: {"props": {"pageProps": {"orderDetails": order}}},
        lambda order: {"props": {"pageProps": {"initialData": {"orders": [order]}}}},
        lambda order: {"props": {"pageProps": {"cache": {"Order:7": order, "order": None}}}},
        lambda order: {"order": {k.replace("2101", "2607"): v for k, v in order.items()}},
        lambda order: {"order": {k.replace("groups_2101", "groups"): v for k, v in order.items()}},
        lambda order: {"order": {k.replace("id", "orderId"): v for k, v in order.items()}},
    ],
)
def test_an_order_is_found_wherever_another_build_puts_it(nested: Any) -> None:
    order = only(nested(WHOLE))

    assert (order.order_id, goods_cents(order)) == ("7", 598)
    assert [line.product_id for line in order.lines] == ["Milk", "Rice"]


def test_a_build_with_texts_for_quantities_and_another_receipt() -> None:
    bananas = an_item("Bananas", 58, "1.08 lb") | {"priceInfo": {"linePrice": "$0.58"}}
    milk = {"product": {"name": "Milk"}, "quantityString": "2", "linePrice": "$7.96"}
    summary = {"subtotal": "$8.54", "tax": "$0.06", "tip": "$1.00", "total": "$9.60"}
    order = only({"order": an_order(a_group(bananas, milk), orderSummary=summary)})

    assert [(one.quantity_thousandths, one.is_weighed) for one in order.lines] == [
        (1080, True),
        (2000, False),
    ]
    assert (goods_cents(order), paid_cents(order), disagreement(order)) == (854, 960, None)


def test_kinds_of_items_are_told_though_the_group_lists_them_plainly_too() -> None:
    kept, gone, back = an_item("Milk", 398), an_item("Rice", 200), an_item("Eggs", 247)
    categories = [
        {"type": "REGULAR", "items": [kept]},
        {"type": "UNAVAILABLE", "items": [gone]},
        {"type": "REFUNDED", "items": [back]},
    ]
    order = only({"order": an_order(a_group(kept, gone, back, categories=categories))})

    assert [(one.is_canceled, one.is_refund) for one in order.lines] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    assert goods_cents(order) == 398 - 247


@pytest.mark.parametrize("held", ["items", "subGroups"])
def test_what_the_categories_do_not_show_is_not_left_out(held: str) -> None:
    kept, gone = an_item("Milk", 398), an_item("Rice", 200)
    group = a_group(kept) if held == "items" else a_group(subGroups=[{"items": [kept]}])
    categories = [{"type": "UNAVAILABLE", "items": [gone]}]
    order = only({"order": an_order({**group, "categories": categories})})

    assert {line.name: line.is_canceled for line in order.lines} == {"Rice": True, "Milk": False}


def test_a_category_that_holds_goods_in_another_way_refuses_the_order() -> None:
    hidden = [{"type": "SUBSTITUTED", "substitutions": [an_item("Rice", 200)], "items": []}]
    with pytest.raises(Upstream, match="no items in a category, an object with"):
        only({"order": an_order(a_group(an_item("Milk", 398), categories=hidden))})


def test_the_receipt_tells_which_of_two_goods_was_sent() -> None:
    categories = [
        {"type": "SUBSTITUTED", "items": [an_item("Eggs A", 250)]},
        {"type": "SUBSTITUTE", "items": [an_item("Eggs B", 204)]},
    ]
    group = a_group(categories=categories)
    charged = only({"order": an_order(group, priceDetails={"subTotal": {"value": 2.04}})})

    assert [line.is_canceled for line in charged.lines] == [True, False]
    assert not any(line.is_canceled for line in only({"order": an_order(group)}).lines)


def test_a_group_that_gives_back_what_another_delivered_lowers_the_sum() -> None:
    groups = (
        a_group(an_item("Milk", 398), an_item("Rice", 200)),
        a_group(an_item("Rice", 200), said="Refunded"),
    )
    order = only({"order": an_order(*groups, priceDetails={"subTotal": {"value": 5.98}})})

    assert (goods_cents(order), disagreement(order)) == (398, None)


@pytest.mark.parametrize(
    "status",
    [
        {"statusType": "CANCELED", "message": {"parts": [{"text": "Nov 3"}]}},
        {"message": {"parts": [{"text": "Cancelado"}]}},
    ],
)
def test_a_group_is_canceled_by_its_type_or_its_words(status: Any) -> None:
    order = only({"order": an_order(a_group(an_item("Milk", 398)) | {"status": status})})

    assert order.lines[0].is_canceled


@pytest.mark.parametrize(
    ("said", "canceled"),
    [
        ("Canceled", True),
        ("Order cancelled Jul 2", True),
        ("Unavailable", True),
        ("1 item canceled", False),
        ("Partially canceled", False),
        ("Delivered", False),
    ],
)
def test_a_group_counts_as_canceled_only_as_a_whole(said: str, *, canceled: bool) -> None:
    order = only({"order": an_order(a_group(an_item("Milk", 398), said=said))})

    assert order.lines[0].is_canceled is canceled


def test_sums_keep_their_signs_and_gaps() -> None:
    details = {
        "subTotal": {"displayValue": "$5.98"},
        "discounts": [{"displayValue": "-$1.00"}, {"displayValue": "-$0.50"}],
        "grandTotalWithTips": {"displayValue": "$9.00"},
        "driverTip": {"displayValue": "$2.00"},
        "refund": {"displayValue": "-$3.98"},
        "fees": [{"label": "Delivery fee", "displayValue": "FREE"}],
    }
    totals = only({"order": WHOLE | {"priceDetails": details}}).totals

    assert (totals.savings_cents, totals.refund_cents, totals.tax_cents) == (150, 398, None)
    assert (totals.grand_total_cents, [fee.cents for fee in totals.fees]) == (700, [0])


def test_an_item_that_cannot_be_read_refuses_its_order_and_no_other() -> None:
    strange = {"productInfo": {"usItemId": "9"}, "amount": 3}
    broken = an_order(a_group(an_item("Milk", 398), strange)) | {"id": "8"}
    both = page({"purchaseHistory": {"orders": [WHOLE, broken, {"groups": []}]}})

    assert [order.order_id for order in both.orders] == ["7"]
    assert [(one.order_id, one.problems) for one in both.refused] == [
        ("8", ("group 0.item 1: no name or quantity in an object with amount, productInfo",)),
        ("entry 2", ("order: no number in an object with groups",)),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"order": {"id": "7", "shipments": [{"contents": []}]}}, "id, shipments"),
        ({"order": an_order({"itemCount": 2, "contents": [{"sku": 1}]})}, "contents, itemCount"),
        ({"order": an_order(a_group({"label": "Milk"}))}, "an object with label"),
        ({"purchaseHistory": {"purchases": []}}, "an object with purchases"),
        ({"receipt": {"lines": []}}, "an object with receipt"),
    ],
)
def test_a_layout_that_was_never_seen_is_an_error_that_names_its_shape(
    data: Any, said: str
) -> None:
    with pytest.raises(Upstream, match=said):
        page(data)


def test_a_page_saved_under_a_tables_name_is_still_a_page() -> None:
    html = f'<html><script id="__NEXT_DATA__">{json.dumps({"order": WHOLE})}</script>'

    (order,) = read_order_file(html.encode(), name="export.txt").orders
    assert goods_cents(order) == 598
