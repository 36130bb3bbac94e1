"""`manciple shop`, `pantry`, `budget`, `prefer`, run in this process on a database of their own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.domain.units import Size
from manciple.kit.errors import InvalidInput, NotFound
from tests.commanding import commands_on
from tests.list_builders import a_product

Run = Callable[..., str]
MILK = "10450115"


@pytest.fixture
async def run(tmp_path: Path) -> Run:
    size = Size(amount_thousandths=64_000, unit="OZA")
    milk = a_product(MILK, cents=348, name="Great Value Milk", size=size)
    command = await commands_on(tmp_path / "grocery.db", milk)

    def manciple(*arguments: str, answer: str = "") -> str:
        done = command(*arguments, answer=answer)
        assert done.exit_code == 0, done.output
        return done.output

    return manciple


@pytest.fixture
def filled(run: Run) -> Run:
    run("list", "create", "Weekly")
    run("list", "add", "Weekly", f"2 x {MILK}", "candles")
    return run


def the_json(output: str) -> Any:
    return json.loads(output)


def test_a_basket_is_quoted_confirmed_and_handed_over(filled: Run) -> None:
    filled("shop", "start", "Weekly")
    output = filled("shop", "checkout", answer="y\n")
    assert "Total $6.96" in output
    assert f"https://www.walmart.com/sc/cart/addToCart?items={MILK}_2" in output
    assert "not handed over: candles (no product)" in output
    assert "Nothing is ordered yet" in output
    again = the_json(filled("shop", "checkout", "--session", session_of(filled), "--json"))
    assert (again["status"], again["orderPlaced"]) == ("handed_over", False)


def session_of(run: Run) -> str:
    return str(the_json(run("shop", "show", "--json"))["session"]["id"])


def test_without_a_yes_nothing_is_handed_over(filled: Run) -> None:
    filled("shop", "start", "Weekly")
    assert "addToCart" not in filled("shop", "checkout", answer="n\n")
    assert the_json(filled("shop", "show", "--json"))["session"]["status"] == "reviewing"


def test_a_trip_is_picked_watched_and_ended(filled: Run) -> None:
    filled("budget", "set", "6")
    shown = filled("shop", "start", "Weekly", "--type", "in_store", "--budget", "$7")
    assert "In the cart $0.00 of $6.96" in shown
    assert "! The budget for everything is crossed by $0.96" in shown
    assert "Left of the limit -$1.00" in filled("shop", "pick", "1", "--price", "4")
    filled("shop", "gone", "2")
    filled("shop", "complete", "--stock")
    assert "crossed by $2.00" in filled("budget", "show")
    assert "Great Value Milk │ 2" in filled("pantry", "show")


def test_the_pantry_and_the_staples_fill_a_list(filled: Run) -> None:
    filled("pantry", "buy", f"3 x {MILK}")
    assert "1.5" in filled("pantry", "use", f"1.5 x {MILK}")
    assert "short" in filled("pantry", "minimum", MILK, "5")
    filled("pantry", "undo", "Great Value Milk")
    filled("pantry", "staple", "2 x flour", "--every", "7")
    output = filled("pantry", "fill", "Weekly")
    assert "0 for the pantry, 1 staples" in output
    assert "flour" in filled("pantry", "staples")


def test_preferences_are_shown_changed_and_emptied(run: Run) -> None:
    run("prefer", "--allergen", "peanuts", "--brand", "Silk", "--brand", "Kind")
    kept = the_json(run("prefer", "--json"))
    assert (kept["allergens"], kept["preferredBrands"]) == (["peanuts"], ["Silk", "Kind"])
    assert the_json(run("prefer", "--allergen", "", "--json"))["allergens"] == []


def test_the_till_is_told_once_and_remembered(run: Run) -> None:
    run("budget", "till", "--tax", "8.25", "--taxed", "Drinks")
    assert "Tax 8.25 % on Drinks" in run("budget", "till")


def test_prices_are_shown_recorded_and_compared(run: Run) -> None:
    assert "Great Value Milk: $3.48" in run("price", "show", MILK)
    assert "$3.98 is the price now" in run("price", "record", MILK, "$3.98", "--store", "Main St")
    assert "Main St" in run("price", "history", MILK)
    assert "3.73" in run("price", "stats", MILK)
    assert "3.98" in run("price", "compare", MILK)
    assert "unknown: seen 1 times in 90 days" in run("price", "offer", MILK, "4.98")
    assert "unknown: no look ever read a size" in run("price", "size", MILK)
    assert "not enough: 0 months of the year" in run("price", "seasons", MILK)


def test_a_price_is_said_in_dollars_and_cents_and_never_nothing(run: Run) -> None:
    assert ": $4.00 is the price now" in run("price", "record", MILK, "4e0")
    with pytest.raises(InvalidInput, match=r"must be from 0\.01"):
        run("price", "record", MILK, "0")


def test_packages_are_planned_for_an_amount(run: Run) -> None:
    assert "$6.96 for 1 gal, 0 left over" in run("plan", "1 gal", MILK)
    with pytest.raises(InvalidInput):
        run("plan", "much", MILK)


def test_what_is_no_number_is_said_plainly(filled: Run) -> None:
    with pytest.raises(InvalidInput):
        filled("budget", "set", "much")
    with pytest.raises(NotFound):
        filled("shop", "show")
