"""`manciple list`, run in this process on a database of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from manciple.kit.errors import NotFound
from tests.commanding import Command, commands_on
from tests.list_builders import a_product


@pytest.fixture
async def run(tmp_path: Path) -> Command:
    milk = a_product("10450115", cents=348, name="Great Value Milk")
    return await commands_on(tmp_path / "grocery.db", milk)


def the_json(run: Command, *arguments: str) -> Any:
    done = run("list", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_list_is_made_filled_checked_and_undone(run: Command) -> None:
    the_json(run, "create", "Weekly")
    added = the_json(run, "add", "weekly", "2 x 10450115", "candles [red]")
    assert [one["status"] for one in added["results"]] == ["added", "added"]
    shown = run("list", "check", "Weekly", "1").stdout
    assert "candles [red]" in shown
    assert "Total $6.96, still to get $0.00; 1 of 2 lines have no known price" in shown
    assert "Undone: items checked" in run("list", "undo", "Weekly").stdout
    total = the_json(run, "total", "Weekly")
    assert (total["estimatedTotal"], total["itemsWithoutPrice"]) == (6.96, 1)


def test_a_list_without_lines_is_named_without_an_empty_table(run: Command) -> None:
    title, total = run("list", "create", "Weekly").stdout.splitlines()
    assert title.startswith("Weekly · list_")
    assert total == "Total $0.00"


def test_a_line_says_what_it_costs_or_why_that_is_not_known(run: Command) -> None:
    run("list", "create", "Weekly")
    shown = run("list", "add", "Weekly", "2 x 10450115", "candles", "--words").stdout
    assert "$6.96" in shown
    assert "no product" in shown


def test_a_refused_item_is_told_and_seen_in_the_exit_code(run: Command) -> None:
    run("list", "create", "Weekly")
    done = run("list", "add", "Weekly", "99999999", "candles")
    assert done.exit_code == 4
    assert "refused: There is no product '99999999'" in done.stderr
    assert "candles" in done.stdout


def test_words_become_the_product_they_mean_or_stay_words(run: Command) -> None:
    run("list", "create", "Weekly")
    done = run("list", "add", "Weekly", "2 x milk", "birthday candles")
    assert "milk → Great Value Milk (10450115, $3.48)" in done.stderr
    assert "birthday candles: kept as words" in done.stderr
    assert "Total $6.96" in done.stdout
    kept = the_json(run, "add", "Weekly", "milk", "--words")
    assert kept["results"][0]["productId"] is None


def test_the_person_may_choose_the_product_that_is_meant(run: Command) -> None:
    run("list", "create", "Weekly")
    assert "10450115" in run("list", "add", "Weekly", "milk", "--choose", answer="1\n").stdout
    done = run("list", "add", "Weekly", "milk", "--choose", answer="0\n")
    assert "milk: kept as words" in done.stderr


def test_lists_are_copied_put_away_and_taken_up_again(run: Command) -> None:
    run("list", "create", "Weekly")
    run("list", "copy", "Weekly", "Party")
    run("list", "rename", "Party", "Feast")
    run("list", "archive", "Feast")
    assert [one["name"] for one in the_json(run, "all")] == ["Weekly"]
    assert "Feast (archived)" in run("list", "all", "--archived").stdout
    feast = the_json(run, "restore", "Feast")["list"]["id"]
    run("list", "delete", feast)
    assert the_json(run, "undo", feast)["list"]["status"] == "active"


def test_what_is_not_there_is_not_found(run: Command) -> None:
    with pytest.raises(NotFound):
        run("list", "show", "Nowhere")
    run("list", "create", "Weekly")
    with pytest.raises(NotFound):
        run("list", "remove", "Weekly", "1")
