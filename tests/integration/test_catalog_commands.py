"""`manciple catalog`, `backup`, `restore` and `doctor`, run as processes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from manciple.grocery.connectors.shelf import COUNT

GOOD = "product_id,name,price\nmine-1,Milk,3.48\n"
BAD = GOOD + "mine-2,,cheap\n"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "manciple", "--db", str(folder / "x.db"), *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def answer(folder: Path, *words: str) -> Any:
    done = run(folder, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "bad.csv").write_text(BAD)
    return tmp_path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database is there, with an entry in its trail."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "good.csv").write_text(GOOD)
    assert run(folder, "audit", "accept").returncode == 0
    return folder


def test_the_first_command_finds_the_whole_shelf(folder: Path) -> None:
    assert answer(folder, "catalog", "stats")["products"] == COUNT


def test_an_import_tells_what_it_did(folder: Path) -> None:
    found = answer(folder, "catalog", "import", str(folder / "good.csv"))
    assert found["written"] == {"added": 1, "changed": 0, "unchanged": 0}


def test_a_bad_row_fails_the_import_by_line_and_field(folder: Path) -> None:
    done = run(folder, "catalog", "import", str(folder / "bad.csv"))
    assert done.returncode == 2
    assert "line 3: price: is no amount of money: 'cheap'; name: is missing" in done.stderr
    assert answer(folder, "catalog", "stats")["products"] == COUNT


def test_a_copy_is_made_checked_and_put_back(folder: Path) -> None:
    answer(folder, "catalog", "stats")
    copy = answer(folder, "backup", str(folder / "copy.db"))
    assert copy["rows"]["walmart_products"] == COUNT
    answer(folder, "catalog", "import", str(folder / "good.csv"))
    answer(folder, "restore", str(folder / "copy.db"))
    assert answer(folder, "catalog", "stats")["products"] == COUNT


def keys_of(document: Any) -> set[str]:
    """Every name in a document but those of tables."""
    if isinstance(document, list):
        return set().union(*map(keys_of, document))
    if not isinstance(document, dict):
        return set()
    inside = (keys_of(value) for name, value in document.items() if name != "rows")
    return set(document).union(*inside)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("catalog stats", "withGtin"),
        ("catalog import good.csv --dry-run", "badRows"),
        ("backup copy.db", "sizeBytes"),
        ("index check", "databaseRevision"),
        ("audit accept", "newestHash"),
        ("audit show", "objectId"),
    ],
)
def test_names_in_json_are_written_as_on_the_wire(house: Path, words: str, expected: str) -> None:
    first, second, *more = (str(house / word) if "." in word else word for word in words.split())
    if first == "index":
        run(house, "index", "rebuild")
    keys = keys_of(answer(house, first, second, *more))
    assert expected in keys
    assert [key for key in keys if "_" in key] == []


def verdicts(folder: Path) -> dict[str, str]:
    return {finding["part"]: finding["verdict"] for finding in answer(folder, "doctor")}


def test_the_doctor_finds_nothing_wrong_and_says_when_there_is(folder: Path) -> None:
    assert run(folder, "doctor").returncode == 1
    answer(folder, "catalog", "stats")
    # Nobody searched yet, so the index has nothing to follow for.
    assert verdicts(folder).pop("search index") == "warning"
    answer(folder, "search", "milk")
    assert set(verdicts(folder).values()) == {"ok"}
    (folder / "x.db").write_bytes(b"ruined" * 1000)
    assert run(folder, "doctor").returncode == 1


def test_a_search_after_a_restore_finds_what_was_restored(folder: Path) -> None:
    answer(folder, "catalog", "stats")
    answer(folder, "backup", str(folder / "copy.db"))
    answer(folder, "catalog", "import", str(folder / "good.csv"))
    answer(folder, "search", "milk")
    answer(folder, "restore", str(folder / "copy.db"))
    answer(folder, "search", "milk")
    assert answer(folder, "index", "check")["agrees"]
