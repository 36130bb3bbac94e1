"""Asks the package index about what is pinned: was it taken back, is it known to be vulnerable?

Only the index that pip itself is set up with is asked, and once a day. What it does not tell is
said to be not checked, and is no finding: a house without a network must be checkable too.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from pip._internal.configuration import Configuration
from pip._internal.models.index import PyPI

from manciple.kit.clock import SystemClock

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
_SIMPLE = "application/vnd.pypi.simple.v1+json"
_AT_ONCE = 8
_TIMEOUT_S = 10
_FOUND_NOTHING = 404

Ask = Callable[[str], Mapping[str, Any] | None]
"""The document at an address; None where the index has none."""


@dataclass(frozen=True)
class Told:
    """What the index told of one pin; None: it does not tell such a thing."""

    yanked: str | None
    vulnerable: tuple[str, ...] | None


def pins_in(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Every name and version that lock files pin."""
    return sorted({(found[1], found[2]) for text in texts for found in _PIN.finditer(text)})


def yanked(project: Mapping[str, Any], version: str) -> str | None:
    """Why every file of a version was taken back; None if one was not."""
    theirs = [
        each
        for each in project.get("files", ())
        if re.search(rf"-{re.escape(version)}(?:-|\.tar|\.zip)", each["filename"])
    ]
    reasons = [each.get("yanked") for each in theirs]
    if not reasons or not all(reasons):
        return None
    return next((each for each in reasons if isinstance(each, str)), "no reason given")


def vulnerabilities(release: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The known ones of a release that were not withdrawn; None if the index does not say."""
    if "vulnerabilities" not in release:
        return None
    return tuple(_named(each) for each in release["vulnerabilities"] if not each.get("withdrawn"))


def look(ask: Ask, simple: str, name: str, version: str) -> Told:
    """What the index at `simple` tells of a pin."""
    project = ask(f"{simple}/{name}/")
    release = ask(f"{simple.removesuffix('/simple')}/pypi/{name}/{version}/json")
    return Told(
        yanked=None if project is None else yanked(project, version),
        vulnerable=None if release is None else vulnerabilities(release),
    )


def findings(told: Mapping[tuple[str, str], Told]) -> Iterator[str]:
    """A line for each pin that should be another one."""
    for (name, version), one in told.items():
        if one.yanked is not None:
            yield f"{name} {version} was taken back: {one.yanked}"
        for each in one.vulnerable or ():
            yield f"{name} {version} is vulnerable: {each}"


def index_url() -> str:
    """The simple index that pip asks here, without a slash at its end."""
    settings = Configuration(isolated=False)
    settings.load()
    known = dict(settings.items())
    given = [
        text for key, text in known.items() if key.endswith("index-url") and "extra" not in key
    ]
    return str(given[-1] if given else PyPI.simple_url).rstrip("/")


def _named(found: Mapping[str, Any]) -> str:
    fixed = ", ".join(found.get("fixed_in", ())) or "nowhere yet"
    return f"{found['id']}, fixed in {fixed}"


def _get(address: str) -> Mapping[str, Any] | None:
    answer = requests.get(address, headers={"accept": _SIMPLE}, timeout=_TIMEOUT_S)
    if answer.status_code == _FOUND_NOTHING or "json" not in answer.headers.get("content-type", ""):
        return None
    answer.raise_for_status()
    found: Mapping[str, Any] = answer.json()
    return found


def _ask_all(pins: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Told]:
    simple = index_url()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(pins, pool.map(lambda pin: look(_get, simple, *pin), pins), strict=True))


def report(told: Mapping[tuple[str, str], Told]) -> tuple[list[str], int]:
    """The lines to print, and how many of them are findings."""
    found = list(findings(told))
    known = sum(one.vulnerable is not None for one in told.values())
    checked = f"{known} of {len(told)} pins" if known else "not checked: this index does not tell"
    return [*found, f"known vulnerabilities: {checked}; taken back: {len(told)} pins"], len(found)


def main() -> int:
    """Prints each finding; 1 if there is any. Asks again when the pins changed, or the day."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("requirements/*.txt"))]
    today = SystemClock().now().date().isoformat()
    key = hashlib.sha256("\n".join([today, *texts]).encode()).hexdigest()
    kept = Path(sys.prefix) / "index-audit.json"
    if kept.exists() and (before := json.loads(kept.read_text()))["key"] == key:
        print(before["said"], "(asked today)")
        return 0
    try:
        lines, count = report(_ask_all(pins_in(texts)))
    except (requests.RequestException, OSError, ValueError) as error:
        why = type(error).__name__
        print(f"known vulnerabilities: not checked, the index cannot be asked ({why})")
        return 0
    print(*lines, sep=os.linesep)
    if not count:
        kept.write_text(json.dumps({"key": key, "said": lines[-1]}))
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
