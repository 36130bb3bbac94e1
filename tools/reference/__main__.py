"""Writes the reference pages of the docs from what the product itself knows.

`python -m tools.reference` writes; with `--check` it only says which pages are stale.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from manciple.api.app_router import app_table
from tools.reference.commands import commands
from tools.reference.errors import errors
from tools.reference.events import events
from tools.reference.procedures import procedures
from tools.reference.settings import settings

HOME = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "procedures.md": lambda: procedures(app_table()),
    "settings.md": settings,
    "errors.md": errors,
    "commands.md": commands,
    "events.md": events,
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
