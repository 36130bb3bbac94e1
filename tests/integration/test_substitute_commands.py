"""`manciple substitutes` and `manciple recommend`, on the bundled shelf."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MILK = "46491783"


def run(folder: Path, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "manciple", "--db", str(folder / "g.db"), *words]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


def test_each_line_is_answered_and_an_unknown_product_has_none(folder: Path) -> None:
    lines = [{"id": "a", "product_id": MILK}, {"id": 2, "product_id": "no such product"}]
    text = "\n".join(json.dumps(line) for line in lines)
    done = run(folder, "substitutes", "--jsonl", text=text)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["id"] == "a"
    assert len(first["results"]) >= 5
    assert MILK not in first["results"]
    assert len(set(first["results"])) == len(first["results"])
    assert second == {"id": 2, "results": []}
    assert "line 2" in done.stderr


def test_one_product_is_shown_with_what_differs(folder: Path) -> None:
    done = run(folder, "substitutes", MILK, "--json", "--limit", "2")
    rows = json.loads(done.stdout)
    assert len(rows) == 2
    assert all(row["name"] and row["similarity"] for row in rows)


def test_a_product_must_be_named(folder: Path) -> None:
    assert run(folder, "substitutes").returncode == 2
    assert run(folder, "substitutes", "none").returncode == 3


def test_without_orders_the_command_says_that_too_little_is_known(folder: Path) -> None:
    done = run(folder, "recommend", "--json")
    assert json.loads(done.stdout)["tooLittle"]
