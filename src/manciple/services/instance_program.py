"""The program of one instance, as `manciple up` starts it: the command line without its commands.

    python -m manciple.services.instance_program SERVICE JSON

It loads nothing that draws: with six of these in a house, what each loads counts six times.
"""

import asyncio
import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from manciple.kit.errors import MancipleError

MODULE = "manciple.services.instance_program"
_FAILED = 1


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What an instance is told: who it is, and the settings as they were given to its parent."""

    instance: Mapping[str, Any]
    arguments: Mapping[str, str]
    file: str | None = None


def main() -> int:
    """Runs the instance until it has ended; 1 if it could not be opened."""
    start = msgspec.json.decode(sys.argv[2], type=Start)
    # Logs are drawn with rich wherever that can be loaded: 4 MB for lines that go to a file.
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python marks what cannot be had
    instance = importlib.import_module("manciple.services.instance")
    settings = importlib.import_module("manciple.services.settings")
    loops = importlib.import_module("manciple.services.loops")
    try:
        loaded = settings.load(dict(start.arguments), file=Path(start.file) if start.file else None)
        given = msgspec.convert(dict(start.instance), instance.Given, dec_hook=_path)
        with asyncio.Runner(loop_factory=loops.new_loop) as runner:
            runner.run(instance.run_instance(given, loaded.settings))
    except MancipleError as error:
        print(f"manciple: {error}", file=sys.stderr)  # noqa: T201 - the instance's own log
        return _FAILED
    return 0


def _path(kind: type, text: str) -> Any:
    return kind(text)


if __name__ == "__main__":
    sys.exit(main())
