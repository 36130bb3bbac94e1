"""The Python that runs this program, for programs that it starts."""

import sys


def this_python(*arguments: str) -> list[str]:
    """A command of this Python.

    It imports nothing from the folder where somebody calls us, which `-m` else does first of all.
    """
    return [sys.executable, "-P", *arguments]
