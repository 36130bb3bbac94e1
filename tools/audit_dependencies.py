"""Looks for what must never be in the repository, without any network.

Locked dependencies must have hashes and no addresses; what is pinned must be what is installed
here, where it is; and no file may hold a secret. Known vulnerabilities need a feed, and so the
network: run a scanner over `requirements/` where there is one.
"""

import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)")
_SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}"),
    "a token of this house": re.compile(r"\bm(?:at|rt|st|inv)_(?!A{20})[A-Za-z0-9_-]{43}\b"),
    "a signed token": re.compile(
        r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"
    ),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a token of a code host": re.compile(r"\b(?:ghp|gho|ghs|glpat)[_-][A-Za-z0-9_-]{20,}\b"),
    "a key of a model's host": re.compile(r"\bsk-[A-Za-z0-9_-]{32,}\b"),
}
_LARGEST_BYTES = 2_000_000


def lock_problems(name: str, text: str) -> Iterator[str]:
    """What is wrong with a lock file."""
    if "://" in text:
        yield f"{name}: holds an address"
    for entry in re.split(r"\n(?=\S)", text):
        if entry.strip() and not entry.startswith("#") and "--hash=sha256:" not in entry:
            yield f"{name}: {entry.split()[0]} has no hash"


def strays(text: str) -> Iterator[str]:
    """Pinned packages that are installed here in a version that no line pins."""
    pinned: dict[str, set[str]] = {}
    for line in text.splitlines():
        if found := _PIN.match(line):
            pinned.setdefault(found[1], set()).add(found[2])
    for name, versions in sorted(pinned.items()):
        try:
            here = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if here not in versions:
            yield f"{name} {here} is installed, {' or '.join(sorted(versions))} is pinned"


def secrets_in(text: str) -> Iterator[str]:
    """What kinds of secrets a text holds."""
    return (kind for kind, pattern in _SECRETS.items() if pattern.search(text))


def main() -> int:
    """Prints each finding; 1 if there is any. Strays are told, and no finding."""
    found: list[str] = []
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text(encoding="utf-8")
        found += lock_problems(lock.name, text)
        for stray in strays(text):
            print(f"note: {stray}")
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    for name in files.stdout.splitlines():
        path = ROOT / name
        if not path.is_file() or path.stat().st_size > _LARGEST_BYTES:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{name}: holds {kind}" for kind in secrets_in(text)]
    for finding in found:
        print(finding)
    print(f"dependencies and secrets: {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
