"""Substitutes against a shopper's judgments, on the bundled shelf.

    python -m bench.substitutions.run

`judgments.jsonl` grades 0–3 what may go into the bag instead of 30 products (made for this project
from the MIT-licensed GroceryDB names). nDCG@5 has gains 2^g - 1 over all judged; a violation is a
result among the first five that is graded 0 or was never judged. Sources without any acceptable
substitute are told apart: there the right answer is none.
"""

import json
import math
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from manciple.grocery.connectors.shelf import BundledShelf
from manciple.grocery.domain.likenesses import acceptable
from manciple.grocery.index.substitute_index import SubstituteIndex

JUDGMENTS = Path(__file__).parent / "judgments.jsonl"
TOP = 5
ACCEPTABLE = 2


class Judged(NamedTuple):
    source: str
    is_constrained: bool
    grades: dict[str, int]
    found: list[str]

    @property
    def top(self) -> list[int]:
        return [self.grades.get(product_id, 0) for product_id in self.found[:TOP]]

    @property
    def ndcg(self) -> float:
        return dcg(self.top) / dcg(sorted(self.grades.values(), reverse=True)[:TOP])


def dcg(grades: Sequence[int]) -> float:
    return math.fsum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def share_of_zeros(rows: Sequence[Judged]) -> float:
    shown = [grade for row in rows for grade in row.top]
    return sum(grade == 0 for grade in shown) / max(1, len(shown))


def main() -> None:
    shelf = {product.product_id: product for product in BundledShelf().products()}
    start = time.perf_counter()
    index = SubstituteIndex(shelf.values())
    built_s = time.perf_counter() - start
    rows, spent_ms = [], []
    for line in JUDGMENTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        source = shelf[row["product_id"]]
        index.best(source, limit=60)
        start = time.perf_counter()
        proposals = acceptable(index.best(source, limit=60))
        spent_ms.append((time.perf_counter() - start) * 1000)
        found = [proposal.product.product_id for proposal in proposals]
        rows.append(Judged(row["id"], row["constraint"], row["judgments"], found))
    answerable = [row for row in rows if max(row.grades.values()) >= ACCEPTABLE]
    others = [row for row in rows if row not in answerable]
    constrained = [row for row in rows if row.is_constrained]
    print(f"sources with a substitute   {len(answerable)}")
    print(f"nDCG@5                      {statistics.mean(row.ndcg for row in answerable):.3f}")
    firsts = [row.top[:1] >= [ACCEPTABLE] for row in answerable]
    print(f"first one acceptable        {statistics.mean(firsts):.3f}")
    print(f"violations                  {share_of_zeros(rows):.3f}")
    print(f"violations, constrained     {share_of_zeros(constrained):.3f}")
    print(f"none where none is          {sum(not row.found for row in others)} of {len(others)}")
    print(f"index of {len(index)}, once      {built_s:.1f} s")
    spent_ms.sort()
    print(f"one search, p50 / worst     {statistics.median(spent_ms):.1f} / {spent_ms[-1]:.1f} ms")


if __name__ == "__main__":
    main()
