"""Every command that a page shows is one that `manciple` has, with its options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from manciple.cli.app import app
from tests.unit.docs.test_examples import PAGES
from tools.reference.commands import every_command

_BLOCK = re.compile(r"^ *```(console|sh)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_COMMAND = r"(?:\w+=\S+ )*(?:\.venv/bin/)?manciple (.+)$"
# A console shows answers too; what is typed stands behind the prompt.
_TYPED = {
    "console": re.compile(rf"^ *\$ {_COMMAND}", re.MULTILINE),
    "sh": re.compile(rf"^ *{_COMMAND}", re.MULTILINE),
}
_OF_THE_PROGRAM = {"--db", "--set", "--config"}


def shown(page: Path) -> Iterator[list[str]]:
    """The words of every command in the blocks of a page, without `manciple` and its options."""
    for kind, block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in _TYPED[kind].findall(block.replace("\\\n", " ")):
            words = shlex.split(line, comments=True)
            while words and words[0] in _OF_THE_PROGRAM:
                del words[:2]
            yield words


def test_the_pages_show_commands() -> None:
    assert sum(len(list(shown(page))) for page in PAGES) > 50


@pytest.mark.parametrize("page", [p for p in PAGES if list(shown(p))], ids=lambda page: page.stem)
def test_every_command_of_a_page_is_there_with_its_options(page: Path) -> None:
    known = {
        path.removeprefix("manciple "): {name for each in command.params for name in each.opts}
        for path, command in every_command(get_command(app))
    }
    for words in shown(page):
        path = next((p for p in (" ".join(words[:2]), words[0]) if p in known), None)
        if words[0].startswith("--"):
            continue
        assert path is not None, words
        options = {word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z-]+.*", word)}
        assert options <= known[path] | {"--help"}, words
