"""The commands of the page about shopping, run in their order on the bundled shelf."""

import shlex
from pathlib import Path

from typer.testing import CliRunner

from manciple.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "shop-from-a-list.md"
PROMPT = "$ .venv/bin/manciple "


def test_every_command_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    commands = [line.removeprefix(PROMPT) for line in lines if line.startswith(PROMPT)]
    outputs = {}
    for command in commands:
        arguments = ["--db", str(tmp_path / "grocery.db"), *shlex.split(command)]
        done = CliRunner(env={"COLUMNS": "120"}).invoke(app, arguments)
        assert done.exit_code == 0, (command, done.output, done.exception)
        outputs[command] = done.output
    assert len(outputs) == len(commands) > 15
    handed_over = outputs["shop checkout --yes --tolerance 2"]
    assert "https://www.walmart.com/sc/cart/addToCart?items=" in handed_over
    assert "not handed over: balloons (no product)" in handed_over
    assert "flour" in outputs["pantry fill weekly"]
