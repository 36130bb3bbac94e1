"""Relevance of search on the judged queries, by class, through the product's own command.

    python -m bench.relevance.run [--db FILE]

Runs `manciple search --jsonl` on `dev.jsonl` (50 queries, graded by GUIDELINE.md; made for this
project, free to use) and prints what `score.py` says, and how long the queries took.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--db", type=Path, help="A database in use; else a fresh one.")
    wanted = arguments.parse_args()
    judged = [json.loads(line) for line in (HERE / "dev.jsonl").read_text().splitlines() if line]
    rows = "".join(
        json.dumps({"id": row["id"], "query": row["query"], "limit": 20}) + "\n" for row in judged
    )
    with tempfile.TemporaryDirectory() as folder:
        database = wanted.db or Path(folder) / "relevance.db"
        searched(database, rows)
        started_s = time.perf_counter()
        found = searched(database, rows)
        took_s = time.perf_counter() - started_s
        results = Path(folder) / "run.jsonl"
        results.write_bytes(found)
        code = subprocess.run(
            [sys.executable, HERE / "score.py", HERE / "dev.jsonl", results], check=False
        ).returncode
    print(f"{len(judged)} queries in {took_s:.2f} s, the command's start included")
    return code


def searched(database: Path, rows: str) -> bytes:
    """What the command answers to the rows; the first call on a fresh database fills it."""
    command = [sys.executable, "-m", "manciple", "--db", str(database), "search", "--jsonl"]
    return subprocess.run(command, input=rows.encode(), capture_output=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
