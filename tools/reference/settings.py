"""The page of every setting: its name, its variable, its default and its meaning."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from manciple.services.settings import Setting, Settings, every_setting

_INTRODUCTION = """\
# Settings

Later sources win: the default, then a TOML file (`manciple.toml` where it exists, or the one that
`MANCIPLE_CONFIG` or `--config` names), then environment variables, then arguments
(`--set ROOM.NAME=VALUE`). `manciple config` prints every value with its origin.

In TOML, a setting `room.name` is `name` in the table `[room]`. A secret may come from a file that
its variable with `_FILE` at the end names. An empty variable counts as not set.
"""


def settings() -> str:
    """The page, room by room."""
    rooms = groupby(every_setting(), key=lambda setting: setting.key.partition(".")[0])
    return "\n".join((_INTRODUCTION, *(_room(name, list(each)) for name, each in rooms)))


def _room(name: str, its_settings: list[Setting]) -> str:
    room = type(getattr(Settings(), name))
    meanings = dict(_meanings(room))
    parts = [f"## {name}\n\n{inspect.getdoc(room)}\n"]
    for setting in its_settings:
        meaning = meanings.get(setting.key.partition(".")[2], "")
        facts = f"`{setting.variable}`, default {_default(setting.default)}"
        parts.append(f"### {setting.key}\n\n{facts}\n\n{meaning}\n")
    return "\n".join(parts)


def _meanings(room: type) -> Iterator[tuple[str, str]]:
    """The string under each field of a class, by the field's name."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(room))).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    for field, below in pairwise(body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            yield field.target.id, inspect.cleandoc(str(below.value.value))


def _default(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value.as_posix() if isinstance(value, Path) else value}`" if value != "" else "empty"
