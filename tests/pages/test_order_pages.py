from datetime import UTC, datetime
from pathlib import Path

import pytest

from manciple.grocery.connectors.walmart_orders import OrderPage, read_order_page
from manciple.grocery.domain.orders import Order, disagreement, goods_cents, paid_cents
from manciple.kit.errors import Upstream

HERE = Path(__file__).parent / "recorded"


def page(name: str) -> OrderPage:
    return read_order_page((HERE / name).read_bytes())


def only(name: str) -> Order:
    (order,) = page(name).orders
    return order


def test_weighed_goods_keep_their_decimal_weight() -> None:
    order = only("eshaffer321_decimal_quantity.json")

    assert [(line.quantity_thousandths, line.total_cents) for line in order.lines] == [
        (1081, 58),
        (299, 44),
    ]
    assert all(line.is_weighed for line in order.lines)
    assert goods_cents(order) == 102


def test_the_shops_own_answer_adds_up_to_the_cent() -> None:
    order = only("walmartlabs_lacinia_order_qa.json")

    assert (goods_cents(order), paid_cents(order)) == (300, 1120)
    assert [(fee.label, fee.cents) for fee in order.totals.fees] == [
        ("Below order minimum fee", 792)
    ]
    assert disagreement(order) is None
    assert order.store == "Mock Store #5541"
    assert order.ordered_at == datetime(2020, 5, 12, tzinfo=UTC)


def test_a_canceled_group_is_kept_and_counts_for_nothing() -> None:
    order = only("wie_order-detail.json")

    assert [(line.product_id, line.is_canceled) for line in order.lines] == [
        ("10450114", False),
        ("44390948", False),
        ("998877", True),
    ]
    assert goods_cents(order) == 796 + 162
    assert order.lines[2].seller == "Acme Marketplace LLC"


def test_a_name_that_looks_like_a_formula_is_data() -> None:
    assert only("wie_order-detail.json").lines[2].name == '=HYPERLINK Product "Deal", 2-pack'


def test_every_sum_of_the_receipt_is_read() -> None:
    totals = only("wie_order-detail.json").totals

    assert totals.savings_cents == 200
    assert totals.refund_cents == 398
    assert totals.donations_cents == 100
    assert [fee.cents for fee in totals.fees] == [0, 25]
    assert paid_cents(only("wie_order-detail.json")) == 2411 + 400 - 398


def test_several_means_of_payment_are_kept_apart() -> None:
    payments = only("wie_order-detail.json").payments

    assert [(paid.method, paid.cents) for paid in payments] == [
        ("VISA ending in 1234", 2000),
        ("GIFTCARD Gift Card", 684),
    ]


def test_a_receipt_that_does_not_add_up_says_so() -> None:
    assert disagreement(only("wie_order-detail.json")) == (
        "the lines add up to 958 cents and the subtotal says 1853"
    )


def test_a_list_page_yields_each_order_once_without_prices() -> None:
    listed = page("wie_purchase-history.json")

    assert [(order.order_id, order.kind, order.is_partial) for order in listed.orders] == [
        ("200010000000042", "online", True),
        ("77501234567890123456", "in_store", True),
    ]
    assert len(listed.orders[0].lines) == 2
    assert listed.next_cursor == "cursor-page-2"
    assert listed.orders[0].totals.grand_total_cents == 2811 - 400


@pytest.mark.parametrize("body", [b"{}", b'{"order": {"id": "1"}}', b"<html></html>", b"[1, 2]"])
def test_what_holds_no_orders_is_refused(body: bytes) -> None:
    with pytest.raises(Upstream, match="walmart-orders-page"):
        read_order_page(body)
