from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.grocery.connectors.walmart_orders import read_order_page
from manciple.grocery.connectors.walmart_pages import read_page
from manciple.grocery.domain.orders import disagreement, goods_cents
from manciple.kit.errors import InvalidInput, Upstream
from manciple.services.fake_shop import pages
from manciple.services.fake_shop.brightdata import Datasets
from manciple.services.fake_shop.faults import Fault, Schedule
from manciple.services.fake_shop.orders import LINES, ORDERS, PRODUCTS, order, order_ids
from tests.fake_shop import market, whole_market

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@given(st.integers(0, 5), st.integers(0, 5000))
def test_the_same_seed_and_hour_give_the_same_offer(seed: int, hours: int) -> None:
    at = NOON + timedelta(hours=hours)

    assert market(seed).offer("100", at) == market(seed).offer("100", at)


def test_prices_move_and_stock_changes_over_weeks() -> None:
    shop = market()
    offers = [shop.offer("101", NOON + timedelta(hours=6 * n)) for n in range(400)]
    seen = [offer for offer in offers if offer]

    assert len({offer.price_cents for offer in seen}) > 5
    assert {offer.in_stock for offer in seen} == {True, False}
    assert any(offer.was_cents for offer in seen)


@pytest.mark.parametrize("layout", pages.Layout)
def test_our_parser_reads_every_layout_as_it_was_meant(layout: pages.Layout) -> None:
    shop = market()
    shown = read_page(pages.search_page(shop, "milk", at=NOON, layout=layout))
    offers = {id_: shop.offer(id_, NOON) for id_ in shop.wares}

    assert len(shown.products) == 4
    for product in shown.products:
        offer = offers[product.product_id]
        assert offer is not None
        assert (product.price.cents, product.price.was_cents) == (
            offer.price_cents,
            offer.was_cents,
        )
        assert (product.stock == "in_stock") is offer.in_stock


def test_a_products_page_says_what_its_offer_says() -> None:
    offer = market().offer("102", NOON)
    assert offer is not None
    (product,) = read_page(pages.product_page(offer)).products

    assert (product.name, product.price.cents) == ("Oat Milk", offer.price_cents)


def test_a_bot_wall_is_recognized() -> None:
    with pytest.raises(Upstream, match="bot check"):
        read_page(pages.bot_wall())


def test_the_account_has_the_specifications_figures() -> None:
    shop = whole_market()
    read = [
        read_order_page(pages.order_page([order(shop, id_)])).orders[0] for id_ in order_ids(shop)
    ]
    lines = [line for one in read for line in one.lines]

    assert (len(read), len({line.product_id for line in lines}), len(lines)) == (
        ORDERS,
        PRODUCTS,
        LINES,
    )
    assert all(disagreement(one) is None for one in read)
    assert all(goods_cents(one) == one.totals.subtotal_cents for one in read)


def test_a_job_is_ready_later_than_it_says() -> None:
    jobs = Datasets(market())
    job = jobs.trigger(jobs.by_keyword("milk", at=NOON, most=10), NOON)

    def at(seconds: float) -> datetime:
        return NOON + timedelta(seconds=seconds)

    assert [jobs.status(job, at(s)) for s in (0, 0.3, 0.7)] == ["starting", "running", "ready"]
    assert jobs.records(job, at(0.7)) is None
    records = jobs.records(job, at(1))
    assert records is not None
    assert len(records) == 4


def test_what_is_not_found_is_a_record_with_an_error() -> None:
    jobs = Datasets(market())

    assert jobs.by_url("https://www.walmart.com/ip/999", NOON)["error_code"] == "dead_page"
    assert jobs.by_keyword("gasoline", at=NOON, most=5)[0]["error_code"] == "empty_page"


def test_a_schedule_goes_round_and_round() -> None:
    schedule = Schedule.read("none*2,429,slow")

    assert [schedule.next() for _ in range(5)] == [
        Fault.NONE,
        Fault.NONE,
        Fault.TOO_MANY,
        Fault.SLOW,
        Fault.NONE,
    ]


@pytest.mark.parametrize("text", ["", "fire", "none*x", "none*0", "none*99999"])
def test_a_schedule_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="faults"):
        Schedule.read(text)
