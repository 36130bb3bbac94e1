"""One Python file as the rules see it, and what a rule finds in it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A line is let off a rule with `# house: RULE - reason`; without a reason it is not.
_ESCAPE = re.compile(r"#.*\bhouse: (?P<rule>[a-z-]+) - \S+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one line."""

    path: str
    line: int
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.sentence}"


class Source:
    """A parsed file, its path written from the root of the repository with forward slashes."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.tree = ast.parse(text, filename=path)

    @classmethod
    def read(cls, path: Path, root: Path) -> "Source":
        return cls(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))

    @property
    def is_product(self) -> bool:
        return self.path.startswith("src/")

    @property
    def is_test(self) -> bool:
        return self.path.startswith("tests/")

    def escapes(self, line: int, rule: str) -> bool:
        """Whether the line, or the one above it, carries a reasoned escape from `rule`."""
        near = self.lines[max(line - 2, 0) : line]
        found = (_ESCAPE.search(text) for text in near)
        return any(match is not None and match["rule"] == rule for match in found)

    def finding(self, node: ast.AST, rule: str, sentence: str) -> Iterator[Finding]:
        """The finding at `node`, unless its line escapes the rule."""
        line = getattr(node, "lineno", 1)
        if not self.escapes(line, rule):
            yield Finding(self.path, line, rule, sentence)


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of names and attributes; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""
