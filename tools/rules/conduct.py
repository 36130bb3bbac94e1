"""Money is exact, errors are not swallowed, and tests use fakes."""

import ast
from collections.abc import Iterator

from tools.rules.source import Finding, Source, dotted

_BROAD = frozenset({"Exception", "BaseException"})


def money(source: Source) -> Iterator[Finding]:
    """No float in money: nothing named `…_cents`, `…price` or `…total` is a float."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        for target, annotation in _annotated(node):
            is_money = target.endswith(("_cents", "price", "_total", "dollars"))
            if is_money and "float" in ast.unparse(annotation):
                yield from source.finding(node, "money", f"{target} is a float")


def catches(source: Source) -> Iterator[Finding]:
    """`except Exception` only at a door or a loop, which says so."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node):
            yield from source.finding(node, "catches", "catch only what you can handle")


def doubles(source: Source) -> Iterator[Finding]:
    """No mocks, patches or sleeps in tests: pass a fake, turn its clock."""
    if not source.is_test:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest"):
            yield from source.finding(node, "doubles", "pass a fake")
        if isinstance(node, ast.Attribute) and dotted(node) in _PATCHES:
            yield from source.finding(node, "doubles", f"{dotted(node)}: pass a fake")


_PATCHES = frozenset({"monkeypatch.setattr", "mock.patch", "time.sleep", "mocker.patch"})


def _annotated(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.AnnAssign):
        yield dotted(node.target), node.annotation
    if isinstance(node, ast.arg) and node.annotation is not None:
        yield node.arg, node.annotation


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or dotted(handler.type) in _BROAD
