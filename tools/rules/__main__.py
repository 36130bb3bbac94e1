"""Checks every Python file of the repository against the house rules."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.rules import conduct, shape, surroundings
from tools.rules.source import Finding, Source

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("src", "tests", "tools", "bench", "examples")
RULES: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    surroundings.clock,
    surroundings.environment,
    surroundings.chance,
    shape.name,
    shape.length,
    shape.package,
    shape.imports,
    conduct.money,
    conduct.reasons,
    conduct.doubles,
)


def findings(source: Source) -> list[Finding]:
    """Everything that the rules find in one file."""
    return [finding for rule in RULES for finding in rule(source)]


def main() -> int:
    """Prints each finding; 1 if there is any."""
    files = [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "node_modules" not in path.parts
    ]
    broken = [finding for path in files for finding in findings(Source.read(path, ROOT))]
    for finding in broken:
        print(finding)
    print(f"house rules: {len(files)} files, {len(broken)} findings")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
