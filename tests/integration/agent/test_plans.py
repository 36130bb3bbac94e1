"""Plans wait for their own yes, and are carried out once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from manciple.grocery.actions.planners import PLANNERS
from manciple.grocery.domain.language.taxonomy import INTENTS
from manciple.grocery.domain.plans import PLAN_LIFE_S
from manciple.kit.errors import InvalidInput, NotFound, Refused
from manciple.services.house import House
from tests.acceptance.conversations.talking import furnish
from tests.asking import BOB, Client, an_open_house
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[House]:
    async with an_open_house(tmp_path, clock) as opened:
        await opened.stores.write(furnish)
        yield opened


@pytest.fixture
def ann(house: House) -> Client:
    return Client(house)


async def lists_of(client: Client) -> list[str]:
    found = await client.ask("getLists")
    return [one["name"] for one in found["lists"]]


async def test_nothing_changes_before_the_yes(ann: Client) -> None:
    asked = await ann.ask("agent.ask", sentence="add milk to my list")

    assert asked["plan"]["total"] == 3.48
    assert await lists_of(ann) == []


async def test_a_plan_is_carried_out_once_however_often_it_is_confirmed(ann: Client) -> None:
    asked = await ann.ask("agent.ask", sentence="add milk to my list")
    first = await ann.ask("agent.confirm", token=asked["token"])
    again = await ann.ask("agent.confirm", token=asked["token"])

    assert (first["done"], first["wasDoneBefore"]) == (True, False)
    assert again["wasDoneBefore"] is True
    assert await lists_of(ann) == ["Groceries"]


async def test_of_two_confirmations_at_once_one_acts(ann: Client) -> None:
    await ann.ask("agent.ask", sentence="create a list called base")
    await ann.ask("agent.ask", sentence="yes")
    asked = await ann.ask("agent.ask", sentence="create a list called party")
    both = (ann.ask("agent.confirm", token=asked["token"]) for _ in range(2))
    await asyncio.gather(*both, return_exceptions=True)

    assert sorted(await lists_of(ann)) == ["Base", "Party"]


async def test_a_token_is_worth_nothing_to_anybody_else(ann: Client) -> None:
    asked = await ann.ask("agent.ask", sentence="add milk to my list")
    with pytest.raises(NotFound):
        await ann.as_(BOB).ask("agent.confirm", token=asked["token"])
    with pytest.raises(NotFound):
        await ann.ask("agent.confirm", token="guessed")


async def test_a_token_is_kept_as_its_hash_only(ann: Client, house: House) -> None:
    asked = await ann.ask("agent.ask", sentence="add milk to my list")
    rows = await house.stores.read(
        lambda tx: tx.connection.execute(text("SELECT * FROM agent_plans")).all()
    )
    assert len(rows) == 1
    assert asked["token"] not in str(rows)


async def test_a_yes_to_what_cannot_be_done_any_more_is_told(ann: Client) -> None:
    await ann.ask("agent.ask", sentence="add milk to my list")
    await ann.ask("agent.ask", sentence="yes")
    await ann.ask("agent.ask", sentence="order it now")
    found = await ann.ask("getLists")
    await ann.ask("deleteList", listId=found["lists"][0]["id"])

    told = await ann.ask("agent.ask", sentence="yes")
    assert told["answer"] == "I cannot do that. The list is gone."
    assert (told["plan"], told["done"]) == (None, False)
    assert "cannot" not in (await ann.ask("agent.ask", sentence="yes"))["answer"]


async def test_an_old_plan_and_a_dropped_one_are_refused(ann: Client, clock: FakeClock) -> None:
    first = await ann.ask("agent.ask", sentence="add milk to my list")
    second = await ann.ask("agent.ask", sentence="add bread to my list")
    with pytest.raises(Refused, match="dropped"):
        await ann.ask("agent.confirm", token=first["token"])
    clock.turn(PLAN_LIFE_S + 1)
    with pytest.raises(Refused, match="too old"):
        await ann.ask("agent.confirm", token=second["token"])


async def test_a_plan_that_was_interrupted_goes_on_where_it_stood(
    ann: Client, house: House
) -> None:
    asked = await ann.ask("agent.ask", sentence="create a list called party and add chips")
    # As if another process had been killed after the first step.
    made = await ann.ask("createList", name="Party")
    await house.stores.write(
        lambda tx: tx.connection.execute(
            text("UPDATE agent_plans SET steps_done = 1, made = :made"),
            {"made": f'["{made["list"]["id"]}"]'},
        )
    )
    await ann.ask("agent.confirm", token=asked["token"])

    assert await lists_of(ann) == ["Party"]
    filled = await ann.ask("getList", listId=made["list"]["id"])
    assert [item["name"] for item in filled["list"]["items"]] != []


async def test_a_plan_that_was_tampered_with_is_not_carried_out(ann: Client, house: House) -> None:
    asked = await ann.ask("agent.ask", sentence="create a list called party")
    change = "UPDATE agent_plans SET plan = replace(plan, 'Party', 'Pirate')"
    await house.stores.write(lambda tx: tx.connection.execute(text(change)))
    with pytest.raises(Exception, match="not the one that was shown"):
        await ann.ask("agent.confirm", token=asked["token"])


async def test_the_query_keeps_nothing(ann: Client) -> None:
    seen = await ann.ask("agent.understand", sentence="add milk to my list")

    assert seen["plan"]["steps"][1]["procedure"] == "walmartGrocery.addToList"
    assert seen["token"] is None
    assert "nothing waiting" in (await ann.ask("agent.ask", sentence="yes"))["answer"]


async def test_what_was_corrected_is_told_and_forgotten(ann: Client) -> None:
    await ann.ask("agent.ask", sentence="add milk")
    await ann.ask("agent.ask", sentence="no, I meant oat milk")
    (told,) = (await ann.ask("agent.corrections"))["corrections"]
    assert (told["phrase"], told["meant"], told["productId"]) == ("milk", "oat milk", "100003")
    assert (await ann.ask("agent.forgetCorrections", phrase="Milk"))["forgotten"] == 1
    asked = await ann.ask("agent.ask", sentence="add milk")
    assert "Whole Milk" in asked["answer"]


async def test_empty_and_endless_sentences_are_wrong_input(house: House) -> None:
    for sentence in ("  ", "a" * 2001):
        with pytest.raises(InvalidInput):
            await house.agent.ask("ann", sentence)


def test_every_intent_has_its_planner() -> None:
    assert set(PLANNERS) == set(INTENTS)
