"""Pins every dependency by version and hash, without addresses, into `requirements/`.

`run.txt` is what the product needs, `test.txt` what its tests need beside that. Both hold for
every platform.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
OUTPUTS = {
    "run.txt": ["--group", "build"],
    "test.txt": ["--all-extras", "--group", "build", "--group", "dev"],
}
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
    "--quiet",
]


def main() -> int:
    """Writes both files; test.txt keeps the versions of run.txt."""
    for name, groups in OUTPUTS.items():
        target = HERE / "requirements" / name
        keep = [] if name == "run.txt" else ["-c", "requirements/run.txt"]
        command = ["uv", "pip", "compile", "pyproject.toml", *groups, *keep, *OPTIONS]
        subprocess.run([*command, "--upgrade", "-o", str(target)], cwd=HERE, check=True)
        if "://" in target.read_text(encoding="utf-8"):
            print(f"{target} holds an address", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
