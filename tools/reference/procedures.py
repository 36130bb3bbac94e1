"""The page of every procedure and every type in them."""

from itertools import groupby

from manciple.platform.rpc.procedure import Procedure
from manciple.platform.rpc.router import Table
from manciple.platform.rpc.shapes import Shapes
from manciple.platform.rpc.tools import name_of
from manciple.platform.rpc.typescript import Writer

_PROCEDURES = """\
# Procedures

Everything a client can ask, by router. Types are TypeScript as `manciple types` writes them;
`void` as an input means that none is needed. A running house shows the same at `/docs`, and as
OpenAPI 3.1 at `/openapi.json`.

Queries are `GET /trpc/PATH?input=JSON`, mutations are `POST /trpc/PATH` with a JSON body,
subscriptions are server-sent events of `GET /trpc/PATH?input=JSON` or messages of a WebSocket.
What is a tool of language models too is called by that name at `POST /mcp`.
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
    kind += f", tool `{name_of(procedure.path)}`" if procedure.is_tool else ""
    return f"### {procedure.path}\n\n{kind}\n\n{procedure.doc}\n\n```ts\n{signature}\n```\n"


def _anchor(heading: str) -> str:
    """The anchor that renderers of Markdown give to a heading."""
    return heading.lower().replace(".", "")
