"""Money is exact, silenced checks say why, and tests use fakes."""

import ast
import re
from collections.abc import Iterator

from tools.rules.source import Finding, Source, dotted

# `noqa: BLE001 - why`, `type: ignore[code]  # why`
_SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover)\b")
_REASONED = re.compile(r"#\s*noqa: [A-Z0-9, ]+ - \S|#\s*type:\s*ignore\[[a-z, -]+\]\s+# \S")


def money(source: Source) -> Iterator[Finding]:
    """No float in money: nothing named `…_cents`, `…price` or `…total` is a float."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        for target, annotation in _annotated(node):
            is_money = target.endswith(("_cents", "price", "_total", "dollars"))
            if is_money and "float" in ast.unparse(annotation):
                yield from source.finding(node, "money", f"{target} is a float")


def reasons(source: Source) -> Iterator[Finding]:
    """Every silenced check names itself and says why it is silenced."""
    for number, line in enumerate(source.lines, start=1):
        if _SILENCED.search(line) and not _REASONED.search(line):
            yield Finding(source.path, number, "reasons", "say why the check is silenced")


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
