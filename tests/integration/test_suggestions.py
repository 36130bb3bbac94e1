"""What is being typed, completed by what products are called; through the procedure."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from manciple.grocery.connectors.shelf import BundledShelf
from tests.asking import Client, an_open_house


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with an_open_house(tmp_path) as house:
        shelf = [each for each in BundledShelf().products() if "Cabot" in each.name]
        await house.stores.write(lambda tx: tx.products.upsert_many(shelf))
        yield Client(house)


async def test_suggestions_complete_the_last_word(client: Client) -> None:
    await client.ask("search", query="cheese")

    answer = await client.ask("suggest", query="sharp ched")

    assert "sharp cheddar" in answer["suggestions"]


@pytest.mark.parametrize(
    ("start", "first", "never"),
    [
        ("extra sharp ched", "extra sharp cheddar", "extra sharp chedder"),
        ("vermont ", "vermont sharp", "vermont"),
        ("CHEDDER", "cheddar", "chedder"),
        ("cheddar", "cheddar", "cheddar the"),
    ],
)
async def test_a_suggestion_is_what_names_say(
    client: Client, start: str, first: str, never: str
) -> None:
    suggestions = (await client.ask("suggest", query=start))["suggestions"]

    assert suggestions[0] == first
    assert never not in suggestions


async def test_a_whole_word_is_offered_with_what_follows_it(client: Client) -> None:
    suggestions = (await client.ask("suggest", query="sharp"))["suggestions"]

    assert "sharp cheddar" in suggestions
