"""Time, environment and chance each enter the house through one door."""

import ast
from collections.abc import Iterator

from tools.rules.source import Finding, Source, dotted

_CLOCK = "src/manciple/kit/clock.py"
_SETTINGS = "src/manciple/services/settings.py"
_CLOCKS = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "datetime.datetime.now",
        "time.time",
        "time.time_ns",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "time.sleep",
    }
)
_ENVIRONMENT = frozenset({"os.environ", "os.getenv", "os.putenv"})


def clock(source: Source) -> Iterator[Finding]:
    """No wall clock outside `kit/clock.py`."""
    if not source.is_product or source.path == _CLOCK:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in _CLOCKS:
            yield from source.finding(node, "clock", f"{dotted(node)}: take a Clock instead")


def environment(source: Source) -> Iterator[Finding]:
    """No environment variables outside `services/settings.py`."""
    if not source.is_product or source.path.startswith(_SETTINGS.removesuffix(".py")):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in _ENVIRONMENT:
            yield from source.finding(node, "environment", "read it in services/settings.py")


def chance(source: Source) -> Iterator[Finding]:
    """No `random` in the product but for jitter; ids use `secrets`."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        names = _imported(node)
        if "random" in names or "numpy.random" in names:
            yield from source.finding(node, "chance", "random numbers only for jitter")


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
