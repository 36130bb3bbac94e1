"""`manciple call` and `manciple types` as processes: here, and against a running server."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.openapi.served import served

Run = Callable[..., "subprocess.CompletedProcess[str]"]
CREATE = "walmartGrocery.createList"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = str(tmp_path_factory.mktemp("local") / "a.db")

    def manciple(*arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "manciple", "--db", path, *arguments]
        return subprocess.run(command, input=given, capture_output=True, text=True, check=False)

    return manciple


pytestmark = pytest.mark.xdist_group("call")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("served"), MANCIPLE_DIAGNOSTICS="1") as address:
        yield address


def _json(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_one_call_changed_the_next_one_sees(run: Run) -> None:
    made = _json(run("call", CREATE, '{"name": "Weekly"}'))
    listed = _json(run("call", "walmartGrocery.getLists", "--json"))
    assert made["list"]["id"] in [each["id"] for each in listed["lists"]]


def test_the_input_may_come_by_standard_input(run: Run) -> None:
    assert _json(run("call", CREATE, "-", given='{"name": "Piped"}'))["list"]["name"] == "Piped"


def test_every_problem_of_an_input_has_a_line_and_the_exit_code_says_so(run: Run) -> None:
    done = run("call", "walmartGrocery.addToList", '{"listId": 1}')
    assert done.returncode == 2
    assert "listId: Invalid input: expected string, received number" in done.stderr
    assert "items: Invalid input: expected array, received undefined" in done.stderr


def test_what_is_no_json_is_said_to_be_none(run: Run) -> None:
    done = run("call", CREATE, "{name: Weekly}")
    assert done.returncode == 2
    assert "no JSON" in done.stderr


def test_a_misspelt_procedure_brings_the_nearest_to_mind(run: Run) -> None:
    done = run("call", "walmartGrocery.creatLst")
    assert done.returncode == 3
    assert "did you mean walmartGrocery.createList?" in done.stderr


def test_without_a_procedure_all_are_listed(run: Run) -> None:
    found = {each["procedure"]: each for each in _json(run("call", "--json"))}
    assert found[CREATE]["kind"] == "mutation"
    assert found[CREATE]["needs"] == "write"


def test_a_running_server_answers_as_the_local_house_does(run: Run, url: str) -> None:
    made = _json(run("call", CREATE, '{"name": "There"}', "--url", url))
    listed = _json(run("call", "walmartGrocery.getLists", "--url", f"{url}/trpc"))
    assert made["list"]["id"] in [each["id"] for each in listed["lists"]]
    here = _json(run("call", "walmartGrocery.getLists"))
    assert made["list"]["id"] not in [each["id"] for each in here["lists"]]


def test_a_refusal_of_a_server_has_the_exit_code_of_a_local_one(run: Run, url: str) -> None:
    wrong = run("call", CREATE, '{"name": 1}', "--url", url)
    assert wrong.returncode == 2
    assert "name: Invalid input: expected string" in wrong.stderr
    missing = run("call", "walmartGrocery.getList", '{"listId": "none"}', "--url", url)
    assert missing.returncode == 3


def test_the_items_of_a_subscription_come_line_by_line(run: Run, url: str) -> None:
    done = run("call", "diagnostics.counter", '{"count": 3}', "--url", url)
    assert [json.loads(line)["seq"] for line in done.stdout.splitlines()] == [1, 2, 3]
    failed = run("call", "diagnostics.failing", '{"after": 2, "code": "CONFLICT"}', "--url", url)
    assert failed.stdout.splitlines() == ["0", "1"]
    assert failed.returncode == 4


def test_nobody_at_the_address_is_said_in_one_line(run: Run) -> None:
    done = run("call", CREATE, '{"name": "x"}', "--url", "http://127.0.0.1:9")
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1


def test_an_address_that_is_no_web_address_is_refused(run: Run) -> None:
    assert run("call", CREATE, "{}", "--url", "file:///etc/passwd").returncode == 2


def test_types_are_written_to_a_file_or_printed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "router.ts"
    assert run("types", "--out", str(path)).returncode == 0
    assert "export type AppRouter = " in path.read_text()
    assert run("types").stdout == path.read_text()


def test_types_are_not_written_where_the_compiler_would_look_away(run: Run, tmp_path: Path) -> None:
    done = run("types", "--out", str(tmp_path / "router.d.ts"))
    assert done.returncode == 2
    assert not (tmp_path / "router.d.ts").exists()


def test_the_types_of_a_house_with_diagnostics_have_them(run: Run) -> None:
    assert "diagnostics: {" in run("--set", "api.diagnostics=yes", "types").stdout
    assert "diagnostics: {" not in run("types").stdout
