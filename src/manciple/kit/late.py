"""Modules that are loaded when something of them is first used.

For libraries that cost megabytes and that many processes never need. Most code imports at the top:
a late module moves its cost to whoever comes first.
"""

import importlib
from typing import Any


class Late:
    """Stands for a module; the module is loaded with the first look at one of its names."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(importlib.import_module(self._name), name)
        # Found here from now on, without coming by again.
        setattr(self, name, found)
        return found
