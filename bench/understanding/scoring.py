"""Scores predictions against labelled sentences: the rules of the development set's own scorer."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Key = tuple[Any, ...]


def comparable(text: str) -> str:
    kept = re.sub(r"[^a-z0-9$%. ]+", " ", text.lower().replace("'", "").replace("’", ""))
    return re.sub(r"^(the|a|an|some|my) ", "", " ".join(kept.split())).strip()


def strict_keys(entities: Sequence[Row]) -> Counter[Key]:
    """Articles as quantities count for nothing, neither way."""
    keys: Counter[Key] = Counter()
    for entity in entities:
        text = comparable(entity["text"])
        if entity["type"] == "quantity" and text in ("a", "an", ""):
            continue
        role = "old" if entity.get("role") == "old" else ""
        keys[(entity["type"], text, bool(entity.get("negated")), role)] += 1
    return keys


def relaxed_keys(strict: Counter[Key]) -> Counter[Key]:
    """Words of products, brands, claims and sizes, whichever of these they were called."""
    keys: Counter[Key] = Counter()
    for (kind, text, negated, _), count in strict.items():
        if kind in ("product", "brand", "dietary", "size"):
            for word in text.split():
                keys[("item", word, negated)] += count
        else:
            keys[(kind, text, negated)] += count
    return keys


def right_intent(gold: Row, intents: Sequence[str]) -> bool:
    return intents[0] == gold["intent"] or intents[0] in gold.get("alt_intents", [])


def right_list(gold: Row, intents: Sequence[str]) -> bool:
    one = len(gold["intents"]) == 1 and len(intents) == 1
    return list(intents) == gold["intents"] or (one and right_intent(gold, intents))


def score(gold: Sequence[Row], predicted: Mapping[str, Row]) -> dict[str, Any]:
    """Every measure by name."""
    pairs = [(row, predicted[row["id"]]) for row in gold]
    n = len(pairs)
    keyed = [(strict_keys(g["entities"]), strict_keys(p["entities"])) for g, p in pairs]
    loose = [(relaxed_keys(g), relaxed_keys(p)) for g, p in keyed]
    lists = [right_list(g, p["intents"]) for g, p in pairs]
    frames = sum(ok and g == p for ok, (g, p) in zip(lists, keyed, strict=True))
    sure = sorted(
        ((p["confidence"], right_intent(g, p["intents"])) for g, p in pairs),
        key=lambda pair: -pair[0],
    )
    covered = sure[: int(0.8 * n)]
    waits = sorted(p["latency_ms"] for _, p in pairs)
    return {
        "n": n,
        "intent_accuracy": round(sum(right for _, right in sure) / n, 4),
        "intent_macro_f1": _macro_f1(pairs),
        "intent_list_exact": round(sum(lists) / n, 4),
        "entities_strict_f1": _entity_f1(keyed),
        "entities_relaxed_f1": _entity_f1(loose),
        "frame_exact": round(frames / n, 4),
        "out_of_scope_f1": _out_of_scope_f1(pairs),
        "ece": _calibration_error(sure),
        "accuracy_at_80pct_coverage": round(sum(ok for _, ok in covered) / len(covered), 4),
        "latency_p50_ms": waits[n // 2],
        "latency_p95_ms": waits[int(n * 0.95)],
    }


def _f1(hits: int, extra: int, missed: int) -> float:
    return round(2 * hits / (2 * hits + extra + missed), 4) if hits else 0.0


def _entity_f1(keyed: Sequence[tuple[Counter[Key], Counter[Key]]]) -> float:
    hits = sum((g & p).total() for g, p in keyed)
    return _f1(hits, sum((p - g).total() for g, p in keyed), sum((g - p).total() for g, p in keyed))


def _out_of_scope_f1(pairs: Sequence[tuple[Row, Row]]) -> float:
    marks = [(g["intent"] == "out_of_scope", p["intents"][0] == "out_of_scope") for g, p in pairs]
    return _f1(marks.count((True, True)), marks.count((False, True)), marks.count((True, False)))


def _macro_f1(pairs: Sequence[tuple[Row, Row]]) -> float:
    hits, said, meant = Counter[str](), Counter[str](), Counter[str]()
    for gold, prediction in pairs:
        first = prediction["intents"][0]
        ok = right_intent(gold, prediction["intents"])
        wanted = first if ok else gold["intent"]
        meant[wanted] += 1
        said[first] += 1
        hits[wanted] += ok
    return round(sum(2 * hits[name] / (said[name] + meant[name]) for name in meant) / len(meant), 4)


def _calibration_error(sure: Sequence[tuple[float, bool]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in sure:
        bins[max(0, -int(-confidence * 10 // 1) - 1)].append((confidence, right))
    return round(
        sum(abs(sum(c for c, _ in rows) - sum(ok for _, ok in rows)) for rows in bins.values())
        / len(sure),
        4,
    )
