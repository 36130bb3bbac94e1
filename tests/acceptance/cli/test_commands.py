"""The command itself: quick help, settings with their origin, errors in one line, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# What `manciple --help` may import: its cost is what people wait for when they press Tab.
HEAVY = ("sqlalchemy", "uvicorn", "starlette", "tantivy", "numpy", "manciple.services.wiring")


def run(*arguments: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "manciple", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
    )


def test_help_lists_every_command_without_loading_any(tmp_path: Path) -> None:
    code = (
        "import sys; from manciple.cli.app import COMMANDS, app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([each for each in {HEAVY} if each in sys.modules], list(COMMANDS))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    last = done.stdout.splitlines()[-1]
    assert last.startswith("[] ")
    for name in last.partition("] ")[2].strip("[]").replace("'", "").split(", "):
        assert name in done.stdout


def test_every_command_can_be_loaded_and_explains_itself(tmp_path: Path) -> None:
    code = (
        "from manciple.cli.app import COMMANDS, _imported\n"
        "for name in COMMANDS: assert _imported(name).help or name, name\n"
        "print(len(COMMANDS))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5


def test_a_group_explains_its_own_options_only(tmp_path: Path) -> None:
    said = run("list", "--help", folder=tmp_path).stdout
    assert "--help" in said
    assert "completion" not in said


def test_a_mesh_that_is_down_is_said_to_be_so(tmp_path: Path) -> None:
    done = run("status", folder=tmp_path)
    assert done.returncode == 5
    assert done.stderr == "manciple: the mesh is not up; `manciple up` starts it\n"


def test_config_tells_each_value_and_its_origin(tmp_path: Path) -> None:
    done = run("--set", "cache.ttl_s=9", "config", "--json", folder=tmp_path, WALMART_WS_PORT="81")
    found = json.loads(done.stdout)
    assert found["cache.ttl_s"] == {
        "value": 9.0,
        "origin": "argument",
        "variable": "MANCIPLE_CACHE_TTL_S",
    }
    assert found["websocket.port"]["origin"] == "environment WALMART_WS_PORT"
    assert found["api.port"]["origin"] == "default"


def test_config_shows_no_secret(tmp_path: Path) -> None:
    done = run("config", folder=tmp_path, MANCIPLE_API_METRICS_TOKEN="sesame")
    assert done.returncode == 0
    assert "sesame" not in done.stdout + done.stderr


def test_an_unknown_variable_is_warned_of(tmp_path: Path) -> None:
    done = run("config", folder=tmp_path, MANCIPLE_LOG_LEVLE="debug")
    assert "did you mean MANCIPLE_LOG_LEVEL?" in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--version",), 0),
        (("nonsense",), 2),
        (("--set", "api.port=many", "config"), 2),
        (("--config", "nowhere.toml", "config"), 2),
    ],
)
def test_exit_codes_tell_what_went_wrong(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    done = run(*arguments, folder=tmp_path)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
