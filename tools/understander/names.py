"""The lexicon that ships: brands, products and words, from the lists and the corpus."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from manciple.grocery.domain.language.lexicon import Names
from manciple.grocery.domain.language.tokens import plain
from tools.understander.corpus import Corpus, Example

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
# A word of product names that is met this often in other talk says nothing about products.
_COMMON = 12


def build_names(corpus: Corpus, clean: Sequence[Example]) -> Names:
    """The lexicon by the lists and by sentences without typing mistakes."""
    lists = corpus.lists
    counts = _counts(corpus.root / "catalog_words.tsv")
    other = _other_talk(clean)
    brands = {brand for brand, _ in lists.makers} | set(lists.trade_names)
    brands |= {
        brand
        for brand, count in _counts(corpus.root / "catalog_brands.tsv").items()
        if _usable(brand, count, other)
    }
    brands |= {brand[:-2] for brand, _ in lists.makers if brand.endswith("'s") and len(brand) > 7}
    products = set(lists.products) | _frequent_endings(lists.catalog)
    products |= {product for _, made in lists.makers for product in made}
    return Names(
        phrases={
            "brand": sorted(brands),
            "product": sorted(products),
            "dietary": sorted(corpus.dietary),
            "attribute": _flat(corpus, "attribute"),
            "list": _flat(corpus, "listname") + _flat(corpus, "occasion"),
            "store": _flat(corpus, "store"),
        },
        product_words=_product_words(counts, products, other),
        words=_vocabulary(clean, counts, brands | products),
    )


def _flat(corpus: Corpus, name: str) -> list[str]:
    texts = [node.parts for node in corpus.grammar.rules[name].options]
    return sorted({"".join(map(str, parts)).strip() for parts in texts if _is_text(parts)})


def _is_text(parts: Sequence[object]) -> bool:
    return all(isinstance(part, str) for part in parts)


def _counts(path: Path) -> dict[str, int]:
    pairs = (line.rsplit("\t", 1) for line in path.read_text().splitlines())
    return {name: int(count) for name, count in pairs}


def _other_talk(clean: Iterable[Example]) -> Counter[str]:
    words: Counter[str] = Counter()
    for example in clean:
        if example.source != "authored" and example.intents[0] == "out_of_scope":
            words.update(set(_WORD.findall(example.text.lower())))
    return words


def _usable(brand: str, count: int, other: Counter[str]) -> bool:
    words = _WORD.findall(brand.lower())
    if not words or len(words) > 4 or count < 2 or len(brand) < 3:
        return False
    return len(words) > 1 or other[words[0]] < 2


def _frequent_endings(catalog: Sequence[tuple[str, str, str]]) -> set[str]:
    endings: Counter[str] = Counter()
    for _, name, _ in catalog:
        words = name.split()
        for length in (2, 3):
            if len(words) >= length:
                endings[" ".join(words[-length:])] += 1
    return {phrase for phrase, count in endings.items() if count >= 4}


def _product_words(
    counts: dict[str, int], products: Iterable[str], other: Counter[str]
) -> dict[str, int]:
    degrees = {
        plain(word): 1 + (count >= 8) + (count >= 60)
        for word, count in counts.items()
        if other[word] < _COMMON
    }
    for product in products:
        for word in _WORD.findall(product.lower()):
            if other[word] < _COMMON:
                degrees[plain(word)] = max(2, degrees.get(plain(word), 0))
    return dict(sorted(degrees.items()))


def _vocabulary(
    clean: Iterable[Example], counts: dict[str, int], names: Iterable[str]
) -> dict[str, int]:
    words: Counter[str] = Counter()
    for example in clean:
        said = [plain(word) for word in _WORD.findall(example.text.lower().replace("’", "'"))]
        for word in said:
            words[word] += 3 if example.source == "authored" else 1
    for word, count in counts.items():
        words[plain(word)] += count
    for name in names:
        for word in _WORD.findall(name.lower()):
            words[plain(word)] += 5
    kept = {word: min(int(count**0.5), 40) for word, count in words.items() if count >= 2}
    return dict(sorted(kept.items()))
