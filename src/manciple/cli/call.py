"""`manciple call`: any procedure from the command line, in this process or of a running server."""

import difflib
import json
import sys
from collections.abc import Callable, Collection
from typing import Annotated

import typer
from rich.console import Console

from manciple.api.app_router import app_table
from manciple.cli.inside import in_house, settings_of
from manciple.cli.output import JsonOption, print_rows
from manciple.cli.remote import RemoteError, Server
from manciple.cli.types import table_of
from manciple.kit.errors import InvalidInput, NotFound
from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.procedure import Caller, Kind
from manciple.platform.rpc.router import Table
from manciple.services.house import House

# By the status of HTTP, the exit codes that the same failure has in this process.
_EXIT_CODES = {
    **dict.fromkeys((400, 413), 2),
    404: 3,
    **dict.fromkeys((401, 403, 409, 412), 4),
    **dict.fromkeys((408, 429, 502, 503, 504), 5),
}


def _known(incomplete: str) -> list[str]:
    """The procedures that begin so, for completion in the shell."""
    return [path for path in sorted(app_table()) if path.startswith(incomplete)]


PathArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[ROUTER.PROCEDURE]", autocompletion=_known, help="Left out: list what there is."
    ),
]
InputArgument = Annotated[
    str | None,
    typer.Argument(metavar="[JSON]", help="The input; `-` reads it from standard input."),
]
UrlOption = Annotated[
    str | None, typer.Option("--url", help="Call the server there instead of the local database.")
]


def call(
    ctx: typer.Context,
    path: PathArgument = None,
    given: InputArgument = None,
    *,
    url: UrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Call a procedure and print what it gives; the items of a subscription as they come.

    Raises:
        NotFound: there is no such procedure.
        InvalidInput: the input is no JSON, or does not fit.
    """
    if path is None:
        _list(table_of(settings_of(ctx)), as_json=as_json)
        return
    text = _checked(sys.stdin.read() if given == "-" else given)
    if url is not None:
        _call_there(Server(url), path, text, as_json=as_json)
        return

    async def work(house: House) -> None:
        bound = Bound(house.table[_found(path, house.table)])
        context = await house.context(Caller(door="cli"))
        hand_over = _handing(text)
        if bound.kind is not Kind.SUBSCRIPTION:
            _print(await bound.answer(context, hand_over), as_json=as_json)
            return
        begin_s = house.settings.wire.begin_s
        async for item in await bound.items(context, hand_over, within_s=begin_s):
            _print(bound.write(item), as_json=True)

    in_house(ctx, work)


def _call_there(server: Server, path: str, text: str | None, *, as_json: bool) -> None:
    kinds = server.kinds()
    kind = kinds[_found(path, kinds)]
    try:
        if kind is not Kind.SUBSCRIPTION:
            _print(server.ask(path, kind, text), as_json=as_json)
            return
        for item in server.follow(path, text):
            _print(item, as_json=True)
    except RemoteError as error:
        typer.echo(f"manciple: {error}", err=True)
        raise typer.Exit(_EXIT_CODES.get(error.status, 1)) from error


def _list(table: Table, *, as_json: bool) -> None:
    rows = [
        (path, str(table[path].kind), table[path].needs, table[path].doc.partition("\n")[0])
        for path in sorted(table)
    ]
    columns = ("procedure", "kind", "needs", "gives")
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    print_rows(found, columns, rows, as_json=as_json)


def _found(path: str, known: Collection[str]) -> str:
    """The path, if there is such a procedure; else the nearest is brought to mind."""
    if path in known:
        return path
    for close in difflib.get_close_matches(path, known, n=1, cutoff=0.5):
        typer.echo(f"manciple: did you mean {close}?", err=True)
    raise NotFound("procedure", path)


def _checked(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    try:
        json.loads(text)
    except ValueError as error:
        raise InvalidInput.at("input", f"no JSON: {error}") from error
    return text


def _handing(text: str | None) -> Callable[[], bytes | None]:
    return lambda: None if text is None else text.encode()


def _print(body: bytes | None, *, as_json: bool) -> None:
    if body is None:
        return
    if as_json or not sys.stdout.isatty():
        sys.stdout.write(body.decode() + "\n")
        sys.stdout.flush()
    else:
        Console().print_json(body.decode())
