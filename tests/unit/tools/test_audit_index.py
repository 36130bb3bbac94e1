"""What the index tells of pins, and what is made of it."""

from collections.abc import Mapping
from typing import Any

import pytest

from tools.audit_index import Told, look, pins_in, report, vulnerabilities, yanked

FILES = [
    {"filename": "jar-1.2-py3-none-any.whl", "yanked": "leaks"},
    {"filename": "jar-1.2.tar.gz", "yanked": True},
    {"filename": "jar-1.20.tar.gz", "yanked": False},
    {"filename": "jar-2.0.tar.gz", "yanked": "never mind"},
    {"filename": "jar-2.0-py3-none-any.whl", "yanked": False},
]
BAD = {"id": "GHSA-1", "fixed_in": ["1.3"], "withdrawn": None}
GONE = {"id": "GHSA-2", "fixed_in": [], "withdrawn": "2026-01-01"}


def test_pins_are_read_with_and_without_extras() -> None:
    text = "jar[x]==1.2 \\\n    --hash=sha256:00\nlid==3 ; python_version > '3'\n# no==1\n"
    assert pins_in([text, text]) == [("jar", "1.2"), ("lid", "3")]


@pytest.mark.parametrize(
    ("version", "reason"), [("1.2", "leaks"), ("1.20", None), ("2.0", None), ("9", None)]
)
def test_a_version_is_taken_back_when_all_its_files_are(version: str, reason: str | None) -> None:
    assert yanked({"files": FILES}, version) == reason


def test_withdrawn_vulnerabilities_are_none_and_silence_is_not_none() -> None:
    assert vulnerabilities({"vulnerabilities": [BAD, GONE]}) == ("GHSA-1, fixed in 1.3",)
    assert vulnerabilities({"vulnerabilities": []}) == ()
    assert vulnerabilities({"info": {}}) is None


def told(*, knows: bool) -> Told:
    def ask(address: str) -> Mapping[str, Any] | None:
        if address == "https://index.example/simple/jar/":
            return {"files": FILES}
        assert address == "https://index.example/pypi/jar/1.2/json"
        return {"vulnerabilities": [BAD]} if knows else None

    return look(ask, "https://index.example/simple", "jar", "1.2")


def test_an_index_that_tells_makes_findings() -> None:
    lines, count = report({("jar", "1.2"): told(knows=True)})
    assert count == 2
    assert lines[:2] == [
        "jar 1.2 was taken back: leaks",
        "jar 1.2 is vulnerable: GHSA-1, fixed in 1.3",
    ]


def test_an_index_that_does_not_tell_is_said_not_to_be_asked_for_nothing() -> None:
    lines, count = report({("jar", "1.2"): told(knows=False)})
    assert count == 1
    assert lines[-1].startswith("known vulnerabilities: not checked")
