"""The product in processes, for tests that only know its doors."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from tests.acceptance.product import started


@contextlib.contextmanager
def served(folder: Path, **environment: str) -> Iterator[str]:
    """The product with a new database; gives the API's address."""
    with started(folder / "test.db", environ=environment) as product:
        yield product.api


def a_list(url: str) -> dict[str, Any]:
    """A new list with two lines; what calls about it may name, by the names of their fields."""
    made = _ask(url, "createList", {"name": "Weekly"})["list"]
    items = [{"text": "candles"}, {"text": "milk", "quantity": 2}]
    filled = _ask(url, "addToList", {"listId": made["id"], "items": items})["list"]
    lines = [line["id"] for line in filled["items"]]
    known = {"listId": made["id"], "itemId": lines[0], "itemIds": lines}
    return {**known, "version": filled["version"], "userId": None}


def _ask(url: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(f"{url}/trpc/walmartGrocery.{name}", json=given, timeout=120)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()["result"]["data"]
    return found
