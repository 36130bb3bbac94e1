"""The page of every command: how it is called, its arguments and its options."""

import inspect
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.main import get_command

from manciple.cli.app import app

_INTRODUCTION = """\
# Commands

Options of `manciple` itself stand before the command: `manciple --db house.db list all`. `--json`
prints what a program can read; on the command that has it, nothing else goes to standard output.
`manciple --install-completion` teaches the shell to complete all of this.

Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 not found, 4 refused, 5 unavailable now, 70
a defect of ours, 130 interrupted.
"""


def commands() -> str:
    """The page, in the order of `manciple --help`."""
    whole = get_command(app)
    parts = [_options("## manciple\n", whole)]
    parts += [_entry(path, command) for path, command in every_command(whole)]
    return "\n".join((_INTRODUCTION, *parts))


def every_command(group: Any, path: str = "manciple") -> Iterator[tuple[str, TyperCommand]]:
    """Every command that does something, with the words that call it."""
    if not isinstance(group, TyperGroup):
        yield path, group
        return
    context = typer.Context(group, info_name=path)
    for name in group.list_commands(context):
        _, found, _ = group.resolve_command(context, [name])
        if found is not None and not found.hidden:
            yield from every_command(found, f"{path} {name}")


def _entry(path: str, command: Any) -> str:
    arguments = (each for each in command.params if isinstance(each, TyperArgument))
    names = (_name(each) if each.required else f"[{_name(each)}]" for each in arguments)
    usage = " ".join((path, "[OPTIONS]", *names))
    said = inspect.cleandoc(command.help or "").partition("\n\nRaises:")[0]
    return _options(f"## {path}\n\n{said}\n\n```sh\n{usage}\n```\n", command)


def _options(head: str, command: Any) -> str:
    rows = [_row(each) for each in command.params if not _is_everywhere(each)]
    if not rows:
        return head
    return "\n".join((head, "| argument or option | meaning |", "| --- | --- |", *rows, ""))


def _is_everywhere(each: Any) -> bool:
    return bool({"--help", "--json"} & set(each.opts))


def _row(each: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*each.opts, *each.secondary_opts))
    if isinstance(each, TyperArgument):
        names = f"`{_name(each)}`"
    said = str(getattr(each, "help", None) or "").replace("|", "\\|")
    return f"| {names} | {said}{_default(each)} |"


def _name(argument: TyperArgument) -> str:
    return argument.metavar or str(argument.name).upper()


def _default(each: Any) -> str:
    if isinstance(each.default, bool | None) or callable(each.default) or each.default == "":
        return ""
    return f" Default: {each.default}."
