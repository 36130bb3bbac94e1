"""Files are named for what they are, stay short, and import at the top."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.rules.source import Finding, Source

_BANNED = frozenset(
    {"utils", "util", "helpers", "helper", "common", "base", "manager", "impl", "misc", "core"}
)
_MAX_LINES = 400


def name(source: Source) -> Iterator[Finding]:
    """No file or folder of a name that says nothing."""
    parts = [PurePosixPath(part).stem for part in PurePosixPath(source.path).parts]
    for part in _BANNED.intersection(parts):
        yield from source.finding(source.tree, "name", f"{part!r} says nothing")


def length(source: Source) -> Iterator[Finding]:
    """No file of the product over 400 lines."""
    if source.is_product and len(source.lines) > _MAX_LINES:
        yield from source.finding(source.tree, "length", f"{len(source.lines)} lines; split it")


def package(source: Source) -> Iterator[Finding]:
    """An `__init__.py` holds one docstring line."""
    if source.is_product and source.path.endswith("__init__.py") and len(source.lines) != 1:
        yield from source.finding(source.tree, "package", "one docstring line, and no more")


def imports(source: Source) -> Iterator[Finding]:
    """No import inside a function; one named place loads optional drivers."""
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield from source.finding(node, "imports", "import at the top of the file")
