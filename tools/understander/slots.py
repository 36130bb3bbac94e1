"""Fillers that come from lists rather than from the grammar."""

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.understander.grammar import Piece, Slot

_SYLLABLE = (
    ("b", "ch", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "z"),
    ("a", "e", "i", "o", "u"),
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "mnbvcxz", "1234567890")


@dataclass(frozen=True)
class Lists:
    """The lists of training/: products, brands with what they make, catalog names."""

    products: Sequence[str]
    modifiers: Sequence[str]
    makers: Sequence[tuple[str, Sequence[str]]]
    trade_names: Sequence[str]
    catalog: Sequence[tuple[str, str, str]]
    dietary: Sequence[str]

    @classmethod
    def read(cls, root: Path, dietary: Sequence[str]) -> "Lists":
        """The lists under `root`; `dietary` are the claims to find in catalog names."""
        makers, trade_names = [], []
        for line in _lines(root / "slots/brand.txt"):
            name, _, made = line.partition("|")
            brand = name.strip().rstrip("*")
            if "*" in name:
                trade_names.append(brand)
            if made.strip():
                makers.append((brand, _split(made)))
        with (root / "catalog_names.tsv").open(newline="") as file:
            rows = [(row[0], row[1], row[2]) for row in csv.reader(file, delimiter="\t")]
        products = [item for line in _lines(root / "slots/product.txt") for item in _split(line)]
        modifiers = [item for line in _lines(root / "slots/modifier.txt") for item in _split(line)]
        return cls(sorted(set(products)), modifiers, makers, trade_names, rows, dietary)

    def slots(self) -> dict[str, Slot]:
        """The non-terminals that these lists fill."""
        brands = sorted({brand for brand, _ in self.makers} | set(self.trade_names))
        made = sorted({product for _, products in self.makers for product in products})
        strangers = sorted({brand for brand, _, _ in self.catalog if _short(brand)})

        def maker(rng: random.Random) -> list[Piece]:
            return [(rng.choice(brands if rng.random() < 0.85 else strangers), None)]

        def trade_name(rng: random.Random) -> list[Piece]:
            return [(rng.choice(self.trade_names if rng.random() < 0.95 else strangers), None)]

        def branded(rng: random.Random) -> list[Piece]:
            brand, products = rng.choice(self.makers)
            if rng.random() < 0.15:
                brand = rng.choice(strangers)
            pool = products if rng.random() < 0.7 else self.products
            return [(brand, "brand"), (" ", None), (rng.choice(pool), "product")]

        return {
            "product": self._product,
            "modifier": lambda rng: [(self._modifier(rng), None)],
            "gib": lambda rng: [(nonsense(rng), None)],
            "unheard": lambda rng: [(invented(rng), None)],
            "brandmaker": maker,
            "tradename": trade_name,
            "brandproduct": lambda rng: [(rng.choice(made), None)],
            "BP": branded,
            "catalog": self._catalog_name,
        }

    def _modifier(self, rng: random.Random) -> str:
        if rng.random() < 0.75:
            return rng.choice(self.modifiers)
        return rng.choice(rng.choice(self.catalog)[1].split())

    def _product(self, rng: random.Random) -> list[Piece]:
        chance = rng.random()
        if chance < 0.87:
            return [(rng.choice(self.products), None)]
        if chance < 0.9:
            return [(invented(rng), None)]
        name = rng.choice(self.catalog)[1]
        plain = self._without_claims(name)
        return [(plain or rng.choice(self.products), None)]

    def _without_claims(self, name: str) -> str:
        for claim in self.dietary:
            name = re.sub(rf"\b{re.escape(claim)}\b", " ", name)
        words = name.split()
        return " ".join(words) if 0 < len(words) <= 3 else ""

    def _catalog_name(self, rng: random.Random) -> list[Piece]:
        brand, name, size = rng.choice(self.catalog)
        pieces = _split_claims(name, self.dietary)
        if rng.random() < 0.7 and _short(brand):
            pieces = [(brand, "brand"), (" ", None), *pieces]
        if size and rng.random() < 0.3:
            pieces = [*pieces, (" ", None), (size, "size")]
        return pieces


def _split_claims(name: str, dietary: Sequence[str]) -> list[Piece]:
    for claim in dietary:
        found = re.search(rf"(?:^|\s){re.escape(claim)}(?:\s|$)", name)
        if found:
            before, after = name[: found.start()].strip(), name[found.end() :].strip()
            parts: list[Piece] = [*_split_claims(before, dietary)] if before else []
            parts += [(" ", None)] if before else []
            parts.append((claim, "dietary"))
            parts += [(" ", None), *_split_claims(after, dietary)] if after else []
            return parts
    return [(name, "product")] if name else []


def _short(brand: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9&'. -]{2,20}", brand)) and len(brand.split()) <= 3


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def _split(line: str) -> list[str]:
    return [item.strip() for item in line.split(",") if item.strip()]


def invented(rng: random.Random) -> str:
    """A word that could be the name of a food nobody here knows."""
    syllables = [
        "".join(rng.choice(part) for part in _SYLLABLE) for _ in range(rng.choice((2, 2, 3)))
    ]
    return "".join(syllables) + rng.choice(("", "", "s", "n", "l"))


def nonsense(rng: random.Random) -> str:
    """Keys hit at random, or a run along a row of the keyboard."""
    if rng.random() < 0.4:
        row = rng.choice(_ROWS)
        start = rng.randrange(len(row) - 3)
        return row[start : start + rng.choice((4, 5, 6))] * rng.choice((1, 1, 2))
    letters = rng.choice(
        ("asdfghjkl", "qwertyuiop", "bcdfghjklmnpqrstvwxyz", "xzqjvkw", "aeioxhlpn")
    )
    return "".join(rng.choice(letters) for _ in range(rng.choice((3, 4, 5, 6, 7, 9))))
