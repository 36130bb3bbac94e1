"""A wall clock that a test turns in the processes it starts; the machine's own stays as it is."""

import shutil
import struct
import subprocess
from pathlib import Path

HOUR_S = 3600
# In the place of a process number.
EVERYBODY = 0
_SOURCE = Path(__file__).with_suffix(".c")


def compiler() -> str | None:
    """The C compiler, without which there is no such clock."""
    return shutil.which("cc")


class TurnedClock:
    """Processes started with `environ` read a clock that `turn` sets, all of them or one."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "turned"
        self.turn(0)
        library = folder / "turned_clock.so"
        program = [compiler() or "cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(_SOURCE)]
        subprocess.run([*program, "-ldl"], check=True)
        self.environ = {"LD_PRELOAD": str(library), "TURNED_CLOCK": str(self._file)}

    def turn(self, seconds: int, *, pid: int = EVERYBODY) -> None:
        """From now on it is that much later, in one process or in every one."""
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("=qq", pid, seconds))
