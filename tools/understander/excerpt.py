"""A short excerpt of the product catalog to train on: brand, product words, size."""

import csv
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

_SIZE = re.compile(
    r"\b\d+(?:\.\d+)?[ -]?"
    r"(?:fl\.? ?oz|oz|ounces?|lbs?|ct|count|pack|g|kg|ml|liters?|l|gal(?:lon)?)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 6
_SHARE = 4  # every fourth name is enough


def rows_of(path: Path) -> Iterator[tuple[str, str, str]]:
    """Brand, product and size of each usable row of a GroceryDB file."""
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            brand = re.sub(r"[™®©*]", "", row["brand"]).strip()
            name = re.sub(r"[™®©*]", "", row["name"])
            size = _SIZE.search(name)
            product = re.split(r",|\(| - |;", name)[0]
            if brand and product.lower().startswith(brand.lower()):
                product = product[len(brand) :]
            product = " ".join(_SIZE.sub(" ", product).split()).strip(" -&").lower()
            if re.fullmatch(r"[a-z0-9%&' .-]{3,50}", product):
                yield brand, product, size[0].lower() if size else ""


def main(target: Path, *sources: Path) -> None:
    """Writes the excerpt of `sources` to `target`, and all brands beside it."""
    rows = sorted({row for source in sources for row in rows_of(source)})
    kept = [
        row
        for row in rows
        if len(row[1].split()) <= _MOST_WORDS and zlib.crc32(row[1].encode()) % _SHARE == 0
    ]
    with target.open("w", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(kept)
    counts: dict[str, int] = {}
    words: dict[str, int] = {}
    for brand, product, _ in rows:
        counts[brand] = counts.get(brand, 0) + 1
        for word in set(re.findall(r"[a-z][a-z']+", product)):
            words[word] = words.get(word, 0) + 1
    _write_counts(target.with_name("catalog_brands.tsv"), counts)
    _write_counts(target.with_name("catalog_words.tsv"), words, least=3)


def _write_counts(target: Path, counts: dict[str, int], *, least: int = 1) -> None:
    lines = [
        f"{name}\t{count}" for name, count in sorted(counts.items()) if name and count >= least
    ]
    target.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:]))
