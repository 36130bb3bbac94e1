"""Substitutes as a client sees them: found, said a word on, found again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import parse_size
from manciple.kit.errors import InvalidInput, NotAllowed, NotFound
from tests.asking import BOB, Client, an_open_house
from tests.stocks import NOON, a_price


def a_product(number: int, name: str, brand: str, cents: int | None = 250) -> Product:
    return Product(
        product_id=str(number),
        name=name,
        brand=brand,
        category_path=("Pantry", "Pasta & Noodles"),
        size=parse_size(name),
        price=None if cents is None else a_price(cents),
        price_missing="nobody said it" if cents is None else None,
        source="test",
        updated_at=NOON,
    )


SHELF = [
    a_product(1, "Banza Gluten Free Penne Pasta, 8 oz", "Banza", 400),
    a_product(2, "Banza Gluten Free Rotini Pasta, 8 oz", "Banza", 410),
    a_product(3, "Great Value Gluten Free Penne Pasta, 12 oz", "Great Value", 230),
    a_product(4, "Great Value Penne Pasta, 8 oz", "Great Value", 120),
    a_product(5, "Barilla Gluten Free Penne Pasta, 8 oz", "Barilla", None),
    a_product(6, "Jif Creamy Peanut Butter, 16 oz", "Jif", 300),
]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with an_open_house(tmp_path) as house:
        await house.stores.write(lambda tx: tx.products.upsert_many(SHELF))
        yield Client(house)


async def found(client: Client, **wanted: Any) -> list[str]:
    answer = await client.ask("findSubstitutions", **{"productId": "1", **wanted})
    assert answer["success"] is True
    assert answer["count"] == len(answer["substitutions"])
    return [each["productId"] for each in answer["substitutions"]]


async def test_substitutes_keep_the_promise_of_the_source(client: Client) -> None:
    assert set(await found(client)) == {"2", "3", "5"}


async def test_nothing_is_proposed_where_nothing_is_acceptable(client: Client) -> None:
    assert await found(client, productId="6") == []


async def test_each_substitute_is_a_product_with_its_score_and_differences(client: Client) -> None:
    answer = await client.ask("findSubstitutions", productId="1")
    first = answer["substitutions"][0]
    assert first["name"]
    assert 0.4 <= first["similarity"] <= 1
    assert all(each["what"] and 0 <= each["left"] < 1 for each in first["differences"])
    scores = [each["similarity"] for each in answer["substitutions"]]
    assert scores == sorted(scores, reverse=True)


async def test_the_wishes_of_the_call_are_kept(client: Client) -> None:
    assert await found(client, similarityThreshold=1) == []
    assert "2" not in await found(client, avoidBrands=["banza"])
    assert (await found(client, preferredBrands=["Great Value"]))[0] == "3"
    assert await found(client, maxPriceDifference=0.10) == ["2"]


async def test_what_was_left_out_is_told_with_its_reason(client: Client) -> None:
    answer = await client.ask("findSubstitutions", productId="1", maxPriceDifference=0.10)
    assert [each["count"] for each in answer["leftOut"]] == [2]


async def test_a_refused_substitute_is_not_proposed_again(client: Client) -> None:
    answer = await client.ask("refuseSubstitution", productId="1", substituteId="2")
    assert answer["verdict"] == "refused"
    assert "2" not in await found(client)
    assert "2" in await found(client.as_(BOB))
    await client.ask("forgetSubstitution", productId="1", substituteId="2")
    assert "2" in await found(client)


async def test_an_accepted_substitute_comes_first(client: Client) -> None:
    last = (await found(client))[-1]
    await client.ask("acceptSubstitution", productId="1", substituteId=last)
    assert (await found(client))[0] == last


async def test_a_diet_of_the_household_is_a_guard(client: Client) -> None:
    assert await found(client, productId="4") != []
    await client.ask("preferences.update", dietary=["gluten-free"])
    assert set(await found(client, productId="4")) <= {"1", "2", "3", "5"}


async def test_a_changed_name_changes_what_it_stands_in_for(client: Client) -> None:
    assert "3" in await found(client)
    changed = a_product(3, "Great Value Penne Pasta, 12 oz", "Great Value")
    await client._house.stores.write(lambda tx: tx.products.upsert_many([changed]))
    assert "3" not in await found(client)
    await client._house.stores.write(lambda tx: tx.products.remove_many(["2"]))
    assert "2" not in await found(client)


async def test_wrong_inputs_are_refused(client: Client) -> None:
    with pytest.raises(NotFound):
        await found(client, productId="none")
    with pytest.raises(NotAllowed):
        await found(client, userId="bob")
    with pytest.raises(InvalidInput):
        await found(client, maxPriceDifference=-1)
    with pytest.raises(InvalidInput):
        await client.ask("acceptSubstitution", productId="1", substituteId="1")
    with pytest.raises(NotFound):
        await client.ask("acceptSubstitution", productId="1", substituteId="none")


async def a_line(client: Client) -> dict[str, Any]:
    made = await client.ask("createList", name="Weekly")
    list_id = made["list"]["id"]
    added = await client.ask("addToList", listId=list_id, items=[{"productId": "1", "quantity": 1}])
    return {"listId": list_id, "itemId": added["list"]["items"][0]["id"]}


async def test_a_line_falls_back_as_its_owner_chose(client: Client) -> None:
    line = await a_line(client)
    asked = await client.ask("getItemFallback", **line)
    assert (asked["rule"], asked["needsAsking"]) == ("ask", True)
    assert {each["productId"] for each in asked["proposals"]} == {"2", "3", "5"}
    await client.ask("setItemFallback", **line, rule="same_size")
    same = await client.ask("getItemFallback", **line)
    assert {each["productId"] for each in same["proposals"]} == {"2", "5"}
    await client.ask("setItemFallback", **line, rule="these", products=["4", "3"])
    these = await client.ask("getItemFallback", **line)
    assert [each["productId"] for each in these["named"]] == ["4", "3"]
    await client.ask("setItemFallback", **line, rule="never")
    never = await client.ask("getItemFallback", **line)
    assert (never["named"], never["proposals"], never["needsAsking"]) == ([], [], False)


async def test_a_fallback_names_only_products_that_exist_on_lines_of_ones_own(
    client: Client,
) -> None:
    line = await a_line(client)
    with pytest.raises(InvalidInput):
        await client.ask("setItemFallback", **line, rule="these", products=["none"])
    with pytest.raises(NotFound):
        await client.as_(BOB).ask("getItemFallback", **line)
    with pytest.raises(NotFound):
        await client.ask("getItemFallback", listId=line["listId"], itemId="none")
