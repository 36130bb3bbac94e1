"""Measures the understander on sentences that it was not trained on.

Run as `python -m bench.understanding.run`. The sentences whose licence allows it lie beside this
file; the others are read from ../shared/data where that is present. `--rows probe_4` measures on
another set: the probes were written one after the other, each before anything was seen of how it
is understood. What failed in the earlier ones told which ways of speaking the training lacked, so
only the last is still strange to it.
"""

import argparse
import json
import os
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import psutil

from bench.understanding.scoring import right_list, score, strict_keys
from manciple.grocery.domain.language.understander import Understander

Row = dict[str, Any]
HERE = Path(__file__).parent
ALL_ROWS = HERE.parent.parent.parent / "shared/data/nlp/dev/intents.jsonl"


SETS = ("development", *(f"probe_{number}" for number in range(1, 16)))


def labelled_rows(name: str = SETS[0]) -> list[Row]:
    """A set of sentences; of the first the whole where it is present, else what may be shipped."""
    path = ALL_ROWS if name == SETS[0] else HERE / f"{name}.jsonl"
    if not path.exists():
        print("sentences under GPL and ODbL are absent: measuring on the shippable part")
        path = HERE / "sentences.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def predictions(understander: Understander, rows: list[Row]) -> dict[str, Row]:
    predicted: dict[str, Row] = {}
    for row in rows:
        began = time.perf_counter()
        frame = understander.understand(row["text"], row.get("context"))
        took_ms = 1000 * (time.perf_counter() - began)
        entities = [
            {"type": e.type, "text": e.text, "negated": e.negated, "role": e.role}
            for e in frame.entities
        ]
        predicted[row["id"]] = {
            "intents": list(frame.intents),
            "confidence": frame.confidence,
            "entities": entities,
            "latency_ms": round(took_ms, 3),
        }
    return predicted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="print what was misunderstood")
    parser.add_argument("--by", choices=("intent", "origin", "licence"), help="figures by group")
    parser.add_argument("--rows", choices=SETS, default=SETS[0], help="which sentences")
    asked = parser.parse_args()
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    understander = Understander.load()
    rows = labelled_rows(asked.rows)
    predicted = predictions(understander, rows)
    result = score(rows, predicted)
    result["resident_growth_mb"] = round((process.memory_info().rss - before) / 1e6, 1)
    result["resident_mb"] = round(process.memory_info().rss / 1e6, 1)
    print(json.dumps(result, indent=1))
    if asked.by:
        groups = defaultdict(list)
        for row in rows:
            groups[row[asked.by]].append(row)
        for name, group in sorted(groups.items()):
            part = score(group, predicted)
            figures = (part["intent_accuracy"], part["entities_strict_f1"], part["frame_exact"])
            print(name, part["n"], "intent, entities, frame:", *figures)
    if asked.errors:
        _print_errors(rows, predicted)


def _print_errors(rows: list[Row], predicted: dict[str, Row]) -> None:
    for row in rows:
        said = predicted[row["id"]]
        gold, found = strict_keys(row["entities"]), strict_keys(said["entities"])
        if not right_list(row, said["intents"]):
            print(f"{row['id']} {row['text']!r} {row['intents']} -> {said['intents']}")
        if gold != found:
            print(
                f"{row['id']} {row['text']!r} missed {list(gold - found)} made {list(found - gold)}"
            )


if __name__ == "__main__":
    main()
