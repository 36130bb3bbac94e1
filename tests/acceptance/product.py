"""The product as processes, known by its doors: `manciple serve`, or the mesh of `manciple up`."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVE, UP = "serve", "up"
# How the product is started wherever a test does not say so itself.
KIND = os.environ.get("ACCEPTANCE_ON", SERVE)
assert KIND in {SERVE, UP}, f"ACCEPTANCE_ON is serve or up, not {KIND}"

BOTH = pytest.mark.parametrize("kind", [SERVE, UP])
# Of tests whose claim is about one process and its own terminal.
ONLY_SERVE = pytest.mark.skipif(KIND != SERVE, reason="tells of `serve` alone")

_SECTIONS = ("api", "websocket", "pricing", "nlp_queue", "cache_warmer", "memory_monitor")
_LAST_WORDS = {SERVE: "Ctrl-C", UP: "more"}
# A mesh drains its services one after the other, each of them as long as it may.
_END_WITHIN_S = 300


class Product:
    """An open house: its addresses, without a slash at the end, and what it logs."""

    def __init__(
        self,
        process: "subprocess.Popen[str]",
        said: Mapping[str, str],
        *,
        database: Path,
        log: Path,
    ) -> None:
        self.process = process
        self.api = said["page"].rstrip("/")
        self.mcp = said["MCP"]
        self.websocket = said["WebSocket"].removesuffix("/trpc")
        self.setup_code = said.get("setup", "").partition("#")[2]
        self._own_log = log
        self._logs = database.with_name(database.name + ".run") / "logs"

    def log(self) -> str:
        """All that any of its processes has logged by now."""
        paths = [self._own_log, *sorted(self._logs.glob("*.log*"))]
        return "".join(path.read_text() for path in paths)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """The exit code after a graceful end."""
        self.process.send_signal(how)
        return self.process.wait(timeout=_END_WITHIN_S)


def program(database: Path, *words: str) -> list[str]:
    """The command line over a database."""
    return [sys.executable, "-m", "manciple", "--db", str(database), *words]


def options(settings: tuple[str, ...], kind: str = KIND) -> list[str]:
    """Settings as `room.name=value`, as the program takes them; no port is a fixed one."""
    sections = _SECTIONS if kind == UP else _SECTIONS[:2]
    ports = [f"{section}.port=0" for section in sections]
    return [part for one in (*ports, *settings) for part in ("--set", one)]


@contextmanager
def started(
    database: Path,
    *settings: str,
    environ: Mapping[str, str] | None = None,
    kind: str = KIND,
) -> Iterator[Product]:
    """The product over a database, open, on free ports; nothing of it is left afterwards."""
    log = database.parent / "log"
    log.parent.mkdir(parents=True, exist_ok=True)
    own = program(database, *options(settings, kind))
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [*own, kind],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=log.parent,
            env={**os.environ, **(environ or {})},
        )
    try:
        said = _said(process, _LAST_WORDS[kind])
        assert "page" in said, f"{said}\n{log.read_text()}"
        yield Product(process, said, database=database, log=log)
    finally:
        _end(process, [*own, "down"] if kind == UP else None)


def _said(process: "subprocess.Popen[str]", last: str) -> dict[str, str]:
    """What the terminal told, by the first word of each line, up to the `last` one."""
    assert process.stdout is not None
    said: dict[str, str] = {}
    for line in process.stdout:
        word, _, rest = line.strip().partition(" ")
        said[word] = rest.strip()
        if word == last:
            break
    return said


def _end(process: "subprocess.Popen[str]", orphans: list[str] | None) -> None:
    """Ends it as gracefully as it will; `orphans` is what ends the services of a dead mesh."""
    process.terminate()
    try:
        process.communicate(timeout=_END_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate(timeout=_END_WITHIN_S)
        if orphans is not None:
            subprocess.run(orphans, capture_output=True, timeout=_END_WITHIN_S, check=False)
        raise
