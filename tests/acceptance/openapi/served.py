"""The product as a process, for tests that only know its doors."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests


@contextlib.contextmanager
def served(folder: Path, **environment: str) -> Iterator[str]:
    """`manciple serve` on free ports with a new database; gives the API's address."""
    env = {**os.environ, **environment}
    command = [sys.executable, "-m", "manciple", "--db", str(folder / "test.db"), "serve"]
    ports = ["--port", "0", "--ws-port", "0"]
    with (folder / "log").open("w+") as log:
        running = subprocess.Popen(
            [*command, *ports], stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder, env=env
        )
        try:
            yield _address(running, folder / "log")
        finally:
            running.terminate()
            running.communicate(timeout=30)


def a_list(url: str) -> dict[str, Any]:
    """A new list with two lines; what calls about it may name, by the names of their fields."""
    made = _ask(url, "createList", {"name": "Weekly"})["list"]
    items = [{"text": "candles"}, {"text": "milk", "quantity": 2}]
    filled = _ask(url, "addToList", {"listId": made["id"], "items": items})["list"]
    lines = [line["id"] for line in filled["items"]]
    known = {"listId": made["id"], "itemId": lines[0], "itemIds": lines}
    return {**known, "version": filled["version"], "userId": None}


def _ask(url: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(f"{url}/trpc/walmartGrocery.{name}", json=given, timeout=20)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()["result"]["data"]
    return found


def _address(running: "subprocess.Popen[str]", log: Path) -> str:
    """The address in what the product says when it is open."""
    if running.stdout is not None:
        for line in running.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "page":
                return rest.strip().rstrip("/")
    raise AssertionError(log.read_text())
