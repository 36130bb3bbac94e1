"""Trains the understander from training/ and records what it was trained from.

Run as `python -m tools.train_understander`; the same data give the same bytes.
"""

import argparse
import gzip
import hashlib
import io
import random
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from manciple.grocery.domain.language.contexts import kind_of
from manciple.grocery.domain.language.features import (
    boundary_features,
    sentence_features,
    token_features,
)
from manciple.grocery.domain.language.lexicon import Lexicon, Names
from manciple.grocery.domain.language.linear import LinearModel
from manciple.grocery.domain.language.network import IntentModel
from manciple.grocery.domain.language.readings import Reading, classes_of, read
from manciple.grocery.domain.language.spelling import Speller
from tools.understander.corpus import Corpus, Example
from tools.understander.fit import Floats, fit_crf, fit_linear, matrix, packed
from tools.understander.intents import IntentData
from tools.understander.names import build_names
from tools.understander.network import WIDTH

ROOT = Path(__file__).parent.parent
MODEL = ROOT / "src/manciple/grocery/domain/language/model"
INTENT_BUCKETS = 1 << 16
BOUNDARY_BUCKETS = 1 << 13
# How much each intent weighs in all: what people ask most, and what must not be mistaken.
IMPORTANCE = {"list_add_items": 2.5, "product_search": 2.5, "out_of_scope": 1.2, "list_view": 1.4,
              "list_remove_items": 1.4, "list_update_item": 1.2}  # fmt: skip
SOURCE_WEIGHT = {"authored": 1.0, "combined": 0.3, "queryner": 0.25}
OTHER_WEIGHT = 0.6
OURS = frozenset({"authored", "combined"})  # those with labelled entities
# How often a name is hidden, and an intent: both may be unknown or mistaken in use.
HIDDEN = 0.15
DOUBTED = 0.08
HALF = 0.5
MASKED = 0.35
HELD_OUT = 7  # every seventh template tells how sure to be of new phrasings


@dataclass(frozen=True)
class Clause:
    """A sentence or a part of one with a single intent."""

    reading: Reading
    intent: str
    context: str
    example: Example


def clauses_of(example: Example, reading: Reading) -> Iterator[Clause]:
    """The clauses of `example`, one an intent."""
    context = kind_of(example.context)
    bounds = [*_first_tokens(example, reading), len(reading.tokens)]
    for at, intent in enumerate(example.intents):
        if bounds[at] < bounds[at + 1]:
            part = reading.part(bounds[at], bounds[at + 1])
            yield Clause(part, intent, context if at == 0 else "none", example)


def _with_masked_names(
    pairs: Sequence[tuple[Example, Reading]],
) -> Iterator[tuple[Example, Reading]]:
    """In some sentences the names are not legible, so that intents do not hang on them."""
    rng = random.Random(5)
    for example, reading in pairs:
        if example.spans and rng.random() < MASKED:
            labels = _labels(example, reading)
            words = [
                "?" if label[2:] in ("product", "brand") else word
                for word, label in zip(reading.words, labels, strict=True)
            ]
            yield example, replace(reading, words=words)
        else:
            yield example, reading


def _first_tokens(example: Example, reading: Reading) -> list[int]:
    return [0, *(_token_from(reading, start) for start in example.starts[1:])]


def _token_from(reading: Reading, start: int) -> int:
    return next((at for at, token in enumerate(reading.tokens) if token.start >= start), 1)


def train_intents(clauses: Sequence[Clause], *, rounds: int) -> tuple[IntentModel, float]:
    """The intent model, calibrated on templates it had not seen, and its accuracy on those."""
    labels = sorted({clause.intent for clause in clauses})
    data = IntentData(
        rows=[sentence_features(c.reading, c.context, buckets=INTENT_BUCKETS) for c in clauses],
        targets=np.array([labels.index(clause.intent) for clause in clauses]),
        labels=labels,
        weights=_weights(clauses),
        buckets=INTENT_BUCKETS,
    )
    held = np.array([clause.example.template % HELD_OUT == 0 for clause in clauses])
    return data.fitted(held, rounds=rounds)


def _weights(clauses: Sequence[Clause]) -> Floats:
    raw = [SOURCE_WEIGHT.get(clause.example.source, OTHER_WEIGHT) for clause in clauses]
    totals: dict[str, float] = defaultdict(float)
    for clause, weight in zip(clauses, raw, strict=True):
        totals[clause.intent] += weight
    return np.array(
        [
            weight * IMPORTANCE.get(clause.intent, 1.0) / totals[clause.intent]
            for clause, weight in zip(clauses, raw, strict=True)
        ]
    )


def train_boundaries(pairs: Sequence[tuple[Example, Reading]], *, rounds: int) -> LinearModel:
    """The model that tells where a clause with another intent begins."""
    rows, targets = [], []
    for example, reading in pairs:
        starts = set(_first_tokens(example, reading)[1:])
        for at in range(1, len(reading.tokens)):
            rows.append(boundary_features(reading, at, buckets=BOUNDARY_BUCKETS))
            targets.append(int(at in starts))
    weights = np.where(np.array(targets) == 1, 4.0, 1.0)
    features = matrix(rows, BOUNDARY_BUCKETS)
    labels = ("inside", "begins")
    table, bias = fit_linear(
        features, targets, labels, weights=weights, penalty=1e-6, rounds=rounds
    )
    return packed(table, bias, labels)


def entity_rows(
    pairs: Sequence[tuple[Example, Reading]], lexicon: Lexicon
) -> Iterator[tuple[list[list[str]], list[str]]]:
    """Token features and BIO labels; some names are hidden so that unknown ones are found too."""
    rng = random.Random(11)
    for example, reading in pairs:
        if not reading.tokens:
            continue
        starts = _first_tokens(example, reading)
        intents = [
            example.intents[sum(start <= at for start in starts) - 1]
            for at in range(len(reading.tokens))
        ]
        if rng.random() < DOUBTED:
            intents = ["?"] * len(intents)
        labels = _labels(example, reading)
        seen = _with_hidden_names(reading, labels, lexicon, rng)
        yield token_features(seen, intents, kind_of(example.context)), labels


def _labels(example: Example, reading: Reading) -> list[str]:
    labels = ["O"] * len(reading.tokens)
    for label, start, end in example.spans:
        mark = "B"
        for at, token in enumerate(reading.tokens):
            if start <= token.start < end:
                labels[at] = f"{mark}-{label}"
                mark = "I"
    return labels


def _with_hidden_names(
    reading: Reading, labels: Sequence[str], lexicon: Lexicon, rng: random.Random
) -> Reading:
    tags = [dict(tag) for tag in reading.tags]
    hide = False
    hidden: set[int] = set()
    for at, label in enumerate(labels):
        if label.startswith("B-"):
            hide = (
                label[2:].rstrip("!~") in ("product", "brand", "list_name")
                and rng.random() < HIDDEN
            )
        if hide and label != "O":
            hidden.add(at)
            for kind in ("product", "brand", "list"):
                tags[at].pop(kind, None)
    words = [
        "?" if at in hidden and rng.random() < HALF else word
        for at, word in enumerate(reading.words)
    ]
    return Reading(reading.text, reading.tokens, words, tags, classes_of(words, tags, lexicon))


def train(corpus: Corpus, *, rounds: int) -> dict[str, bytes]:
    """The files of the model by name."""
    began = time.process_time()
    # What is no grocery must not be known as a name: `mayo` would be read as `mayor`.
    naming = [example for example in corpus.examples(noise=False) if example.source != "alike"]
    names = build_names(corpus, naming)
    lexicon, speller = Lexicon(names), Speller(names.words)
    examples = corpus.examples()
    pairs = [(example, read(example.text, lexicon, speller)) for example in examples]
    print(f"{len(pairs)} sentences read, {time.process_time() - began:.0f} s", flush=True)
    clauses = [
        clause
        for example, reading in _with_masked_names(pairs)
        for clause in clauses_of(example, reading)
    ]
    intents, right = train_intents(clauses, rounds=rounds)
    print(f"intents: {right:.4f} on unseen templates, temperature {intents.temperature}, "
          f"{time.process_time() - began:.0f} s", flush=True)  # fmt: skip
    authored = [pair for pair in pairs if pair[0].source in OURS]
    boundaries = train_boundaries(
        [pair for at, pair in enumerate(authored) if len(pair[0].starts) > 1 or at % 3 == 0],
        rounds=rounds,
    )
    print(f"boundaries, {time.process_time() - began:.0f} s", flush=True)
    with_names = [pair for at, pair in enumerate(authored) if pair[0].spans or at % 4 == 0]
    entities = fit_crf(list(entity_rows(with_names, lexicon)), passes=max(3, rounds // 12))
    print(f"entities, {time.process_time() - began:.0f} s", flush=True)
    return {
        "linear.npz": _npz(intents, boundaries),
        "entities.crfsuite": entities,
        "lexicon.json.gz": _gzipped(names),
        "training.json": _record(corpus, examples, right, intents.temperature),
    }


def _npz(intents: IntentModel, boundaries: LinearModel) -> bytes:
    arrays = {
        "intent_labels": np.array(intents.labels),
        "temperature": np.array(intents.temperature),
        "intent_weights": intents.linear.weights,
        "intent_scales": intents.linear.scales,
        "intent_bias": intents.linear.bias,
        "network_inward": intents.network.inward,
        "network_scales": intents.network.scales,
        "network_thresholds": intents.network.thresholds,
        "network_outward": intents.network.outward,
        "network_bias": intents.network.bias,
        "boundary_weights": boundaries.weights,
        "boundary_scales": boundaries.scales,
        "boundary_bias": boundaries.bias,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.save(entry, array)
            # The default date is fixed: the same data must give the same bytes.
            info = zipfile.ZipInfo(f"{name}.npy")
            archive.writestr(info, entry.getvalue(), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _gzipped(names: Names) -> bytes:
    return gzip.compress(msgspec.json.encode(names), mtime=0)


def data_hashes(root: Path) -> dict[str, str]:
    """The SHA-256 of every file that is trained from."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".md")
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _record(corpus: Corpus, examples: Sequence[Example], right: float, temperature: float) -> bytes:
    record = {
        "data": data_hashes(corpus.root),
        "sentences": len(examples),
        "by_source": dict(sorted(Counter(example.source for example in examples).items())),
        "by_intent": dict(sorted(Counter(example.intents[0] for example in examples).items())),
        "accuracy_on_unseen_templates": round(right, 4),
        "temperature": temperature,
        "buckets": {"intents": INTENT_BUCKETS, "boundaries": BOUNDARY_BUCKETS},
        "hidden_units": WIDTH,
    }
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def main() -> None:
    """Trains and writes the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--share", type=float, default=1.0, help="train on a share of the data")
    parser.add_argument("--rounds", type=int, default=120)
    asked = parser.parse_args()
    files = train(Corpus(ROOT / "training", share=asked.share), rounds=asked.rounds)
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (asked.out / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
