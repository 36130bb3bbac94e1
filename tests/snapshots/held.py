"""Snapshots: files beside this one that hold what clients can see, so that reviews see changes."""

import os
from pathlib import Path

HERE = Path(__file__).parent


def held(name: str, found: str) -> None:
    """Fails unless the snapshot `name` is `found`; `make snapshots` writes it anew instead."""
    path = HERE / name
    if os.environ.get("MANCIPLE_UPDATE_SNAPSHOTS"):
        path.write_text(found, encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    assert found == kept, f"{name} changed; look at it and run `make snapshots` if it should"
