import json
import subprocess
import sys

MANCIPLE = [sys.executable, "-m", "manciple"]


def ask(*lines: str) -> subprocess.CompletedProcess[str]:
    command = [*MANCIPLE, "recommend", "--jsonl"]
    text = "\n".join(lines)
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def test_each_line_is_answered_in_its_own_line() -> None:
    done = ask(
        '{"id": "a", "orders": [["1", "2"], ["1"]], "k": 1}',
        '{"id": "b", "orders": []}',
        '{"id": 3, "orders": [[7, 8], [7]]}',
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "a", "results": ["1"]},
        {"id": "b", "results": []},
        {"id": 3, "results": [7, 8]},
    ]


def test_a_line_that_is_no_question_is_named() -> None:
    done = ask('{"id": "a"}')
    assert done.returncode == 2
    assert "line 1" in done.stderr
