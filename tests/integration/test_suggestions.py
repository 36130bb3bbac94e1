"""What is being typed, completed by what products are called; through the procedure."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.asking import Client
from tests.integration.cheeses import a_house_with_cheeses


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with a_house_with_cheeses(tmp_path) as house:
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
