"""Writes the reference pages of the docs from what the product itself knows.

`python -m tools.reference` writes; with `--check` it only says which pages are stale.
"""

import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from manciple.api.app_router import app_table
from manciple.platform.rpc.procedure import Procedure
from manciple.platform.rpc.router import Table
from manciple.platform.rpc.shapes import Shapes
from manciple.platform.rpc.typescript import Writer

HOME = Path(__file__).resolve().parent.parent / "docs" / "reference"

_PROCEDURES = """\
# Procedures

Everything a client can ask, by router. Types are TypeScript as `manciple types` writes them;
`void` as an input means that none is needed. A running house shows the same at `/docs`, and as
OpenAPI 3.1 at `/openapi.json`.

Queries are `GET /trpc/PATH?input=JSON`, mutations are `POST /trpc/PATH` with a JSON body,
subscriptions are server-sent events of `GET /trpc/PATH?input=JSON` or messages of a WebSocket.
"""


def procedures(table: Table) -> str:
    """The page of every procedure and every type in them."""
    writer = Writer(Shapes(table))
    sections = [_router(name, paths, table, writer) for name, paths in _by_router(table)]
    declared = [
        f"### {name}\n\n```ts\n{writer.declare(name, shape, direction)}```\n"
        for name, shape, direction in writer.shapes.named()
    ]
    return "\n".join((_PROCEDURES, *sections, "## Types\n", *declared))


def _by_router(table: Table) -> list[tuple[str, list[str]]]:
    found = groupby(sorted(table), key=lambda path: path.rpartition(".")[0])
    return [(name, list(paths)) for name, paths in found]


def _router(name: str, paths: list[str], table: Table, writer: Writer) -> str:
    rows = [
        f"| [`{path}`](#{_anchor(path)}) | {table[path].kind} | {table[path].needs} |"
        for path in paths
    ]
    head = "| procedure | kind | needs |\n| --- | --- | --- |"
    entries = [_procedure(table[path], writer) for path in paths]
    return "\n".join((f"## {name}\n", head, *rows, "", *entries))


def _procedure(procedure: Procedure, writer: Writer) -> str:
    signature = f"input:  {writer.takes(procedure)}\noutput: {writer.gives(procedure)}"
    kind = f"{procedure.kind}, needs `{procedure.needs}`"
    return f"### {procedure.path}\n\n{kind}\n\n{procedure.doc}\n\n```ts\n{signature}\n```\n"


def _anchor(heading: str) -> str:
    """The anchor that renderers of Markdown give to a heading."""
    return heading.lower().replace(".", "")


PAGES: dict[str, Callable[[], str]] = {
    "procedures.md": lambda: procedures(app_table()),
}


def stale() -> list[str]:
    """The pages that are not what they would be if written now."""
    found = []
    for name, write in PAGES.items():
        path = HOME / name
        if not path.exists() or path.read_text(encoding="utf-8") != write():
            found.append(name)
    return found


def main(arguments: list[str]) -> int:
    """Writes the stale pages, or with `--check` fails if there are any."""
    found = stale()
    for name in found:
        if "--check" not in arguments:
            HOME.mkdir(parents=True, exist_ok=True)
            (HOME / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"{name}: {'stale' if '--check' in arguments else 'written'}")
    return 1 if found and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
