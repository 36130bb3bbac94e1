"""The servers that the bench compares, each pinned to the first core."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil

HERE = Path(__file__).parent
PEERS = HERE / "peers"
SERVER_CORE, LOAD_CORE = "0", "1"


def pinned(core: str, *command: str) -> list[str]:
    """A command on one core, where the system can pin."""
    return ["taskset", "-c", core, *command] if shutil.which("taskset") else list(command)


def node() -> str:
    """The Node beside this Python if there is one, else the system's."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("node", path=os.pathsep.join((beside, os.environ.get("PATH", ""))))
    if found is None:
        sys.exit("the peers need Node; the dependency group `dev` brings it")
    return found


def install_peers() -> None:
    """Installs what the peers need, exactly as their lock file says."""
    if not (PEERS / "node_modules").is_dir():
        npm = str(Path(node()).with_name("npm"))
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--silent")
        subprocess.run([npm, "ci", *quiet], cwd=PEERS, check=True)


class Server:
    """A running server; `cpu_s` is what it has used so far, with its children."""

    def __init__(self, name: str, port: int, process: "subprocess.Popen[str]") -> None:
        self.name = name
        self.port = port
        self._process = psutil.Process(process.pid)

    def cpu_s(self) -> tuple[float, float]:
        """Seconds in the program itself, and in the system on its behalf."""
        whole = [self._process, *self._process.children(recursive=True)]
        times = [each.cpu_times() for each in whole]
        return sum(each.user for each in times), sum(each.system for each in times)


@contextlib.contextmanager
def product(folder: Path) -> Iterator[Server]:
    """`manciple serve` as it comes, its log lines and metrics on, in a fresh folder."""
    command = [sys.executable, "-m", "manciple", "serve", "--port", "0", "--ws-port", "0"]
    with (folder / "log").open("w") as log, _running(command, folder, log=log) as process:
        port = 0
        for line in process.stdout or ():
            if line.strip().startswith("page"):
                port = int(line.rstrip().rstrip("/").rpartition(":")[2])
            if "Ctrl-C" in line:
                break
        if not port:
            sys.exit((folder / "log").read_text())
        yield Server("manciple", port, process)


@contextlib.contextmanager
def peer(script: str, port: int, answer: Path) -> Iterator[Server]:
    """One of the Node servers, in production mode."""
    command = [real(node()), str(PEERS / script), str(port), str(answer)]
    with _running(command, PEERS, log=None) as process:
        if process.stdout is None or process.stdout.readline() != "listening\n":
            sys.exit(f"{script} did not start")
        time.sleep(0.2)
        yield Server(script.removesuffix(".mjs"), port, process)


def real(found: str) -> str:
    """The binary itself: a launching script would be measured with it."""
    real = subprocess.run(
        [found, "-p", "process.execPath"], capture_output=True, text=True, check=True
    )
    return real.stdout.strip()


@contextlib.contextmanager
def _running(
    command: list[str], folder: Path, *, log: IO[str] | None
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        pinned(SERVER_CORE, *command),
        cwd=folder,
        env={**os.environ, "NODE_ENV": "production"},
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)
