"""The process that makes a new house."""

from pathlib import Path

import pytest

from manciple.services.new_house import new_house
from manciple.services.settings import load


async def test_the_folder_of_the_caller_lends_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    (tmp_path / "signal.py").write_text(f"open({str(seen)!r}, 'w').close()")
    monkeypatch.chdir(tmp_path)
    settings = load({"database.path": str(tmp_path / "x.db")}, environ={}).settings
    heard: list[int] = []
    await new_house(settings, heard.append)
    assert heard
    assert not seen.exists()
