"""Every scripted conversation, through the procedures and through `manciple ask`."""

import json
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.stores.opening import open_database
from manciple.grocery.stores.stores import Stores
from manciple.kit.clock import SystemClock
from tests.acceptance.conversations.talking import furnish, remember_orders, script, scripts
from tests.asking import Client, an_open_house
from tests.commanding import Command, commands_on
from tests.fakes import FakeClock

EVERY = pytest.mark.parametrize("path", scripts(), ids=lambda path: path.stem)
# What is said of the past depends on today, and the commands have no other clock.
TIMELESS = pytest.mark.parametrize(
    "path", [p for p in scripts() if not script(p)["orders"]], ids=lambda path: path.stem
)


def expect(turn: dict[str, Any], answer: dict[str, Any]) -> None:
    steps = [step["procedure"].split(".")[1] for step in (answer["plan"] or {}).get("steps", [])]
    assert steps == turn["plan"], (turn["say"], answer["answer"])
    assert (answer["token"] is not None) == bool(steps)
    for words in turn.get("has", []):
        assert words in answer["answer"], turn["say"]
    for words in turn.get("lacks", []):
        assert words not in answer["answer"], turn["say"]


def test_there_are_twenty_conversations_at_least() -> None:
    assert len(scripts()) >= 20


@EVERY
async def test_a_conversation_through_the_procedures(path: Path, tmp_path: Path) -> None:
    told = script(path)
    async with an_open_house(tmp_path, FakeClock()) as house:
        await house.stores.write(furnish)
        if told["orders"]:
            await house.stores.write(lambda tx: remember_orders(tx, "ann"))
        ann = Client(house)
        for turn in told["turn"]:
            expect(turn, await ann.ask("agent.ask", sentence=turn["say"]))


@pytest.fixture
async def run(tmp_path: Path) -> Command:
    command = await commands_on(tmp_path / "grocery.db")
    database = open_database(tmp_path / "grocery.db")
    await Stores(database, SystemClock()).write(furnish)
    database.close_here()
    return command


@TIMELESS
def test_a_conversation_through_the_command(path: Path, run: Command) -> None:
    for turn in script(path)["turn"]:
        done = run("ask", turn["say"], "--json")
        assert done.exit_code == 0
        expect(turn, json.loads(done.stdout))


def test_a_plan_is_shown_and_done_after_a_yes_on_the_command_line(run: Command) -> None:
    shown = run("ask", "add", "candles")
    assert "1 × candles · price not known" in shown.stdout
    assert "Shall I do that?" in shown.stdout
    assert "no list yet" in run("ask", "what's on my list").stdout
    assert "Done." in run("ask", "--yes", "add candles to my list").stdout
    assert "candles" in run("ask", "what's on my list").stdout
