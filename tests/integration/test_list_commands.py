"""`manciple list` as a process, on a database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from tests.list_builders import a_product

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
async def run(tmp_path: Path) -> Run:
    path = tmp_path / "grocery.db"
    database = open_database(path)
    milk = a_product("10450115", cents=348, name="Great Value Milk")
    await Stores(database, SystemClock()).write(lambda tx: tx.products.upsert_many([milk]))
    database.close_here()

    def manciple(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "manciple", "list", *arguments]
        env = {**os.environ, "WALMART_DB_PATH": str(path), "COLUMNS": "120"}
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    return manciple


def the_json(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_list_is_made_filled_checked_and_undone(run: Run) -> None:
    the_json(run("create", "Weekly", "--json"))
    added = the_json(run("add", "weekly", "2 x 10450115", "candles [red]", "--json"))
    assert [one["status"] for one in added["results"]] == ["added", "added"]
    shown = run("check", "Weekly", "1").stdout
    assert "candles [red]" in shown
    assert "Total $6.96, still to get $0.00; 1 of 2 lines have no known price" in shown
    assert "Undone: items checked" in run("undo", "Weekly").stdout
    total = the_json(run("total", "Weekly", "--json"))
    assert (total["estimatedTotal"], total["itemsWithoutPrice"]) == (6.96, 1)


def test_a_refused_item_is_told_and_seen_in_the_exit_code(run: Run) -> None:
    run("create", "Weekly")
    done = run("add", "Weekly", "99999999", "candles")
    assert done.returncode == 4
    assert "refused: There is no product '99999999'" in done.stderr
    assert "candles" in done.stdout


def test_what_is_not_there_is_not_found(run: Run) -> None:
    assert run("show", "Nowhere").returncode == 3
    run("create", "Weekly")
    assert run("remove", "Weekly", "1").returncode == 3
