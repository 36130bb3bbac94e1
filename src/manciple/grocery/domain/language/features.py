"""Features of sentences and tokens; training and use both come through here."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from manciple.grocery.domain.language.contexts import NONE
from manciple.grocery.domain.language.cues import CUE_WORDS, PATTERNS
from manciple.grocery.domain.language.readings import Reading

# Each group of features is scaled to this length, so that long sentences do not outweigh rules.
_GROUP_WEIGHTS = {"w": 1.0, "d": 1.2, "c": 0.9, "s": 0.6, "r": 1.0, "x": 0.8}
_SKIP_WORDS = 10
_UNSAYABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{4}|^[^aeiouy]+$")
_LONGEST_TEXT = 300


def sentence_features(reading: Reading, context: str, *, buckets: int) -> dict[int, float]:
    """The hashed features of a sentence or clause; `context` is a kind of `contexts`."""
    found: dict[int, float] = {}
    for group, names in _groups(reading, context).items():
        scale = _GROUP_WEIGHTS[group] / max(1, len(names)) ** 0.5
        for name in names:
            bucket = zlib.crc32(f"{group}{name}".encode()) % buckets
            found[bucket] = found.get(bucket, 0.0) + scale
    return found


def _groups(reading: Reading, context: str) -> dict[str, list[str]]:
    words = ["^", *reading.words, "$"]
    classes = ["^", *_collapsed(reading), "$"]
    rules = [name for name, pattern in PATTERNS if pattern.search(reading.text[:_LONGEST_TEXT])]
    shape = list(_shape(reading))
    groups = {
        "w": list(_ngrams(words, 3)),
        "d": list(_ngrams(classes, 4)),
        "c": list(_char_ngrams(words[1:-1])),
        "s": list(_skips(reading.words)),
        "r": [*rules, *shape, *(f"{rules[0]}+{rule}" for rule in rules[1:])],
    }
    if context != NONE:
        starts = [f"{context}:{word}" for word in (*words[1:4], *classes[:4])]
        groups["x"] = [context, *starts, *(f"{context}:{name}" for name in (*shape, *rules))]
    else:
        groups["x"] = [NONE]
    return groups


def _collapsed(reading: Reading) -> Iterator[str]:
    before = ""
    for word, kind in zip(reading.words, reading.classes, strict=True):
        if kind == "U":
            yield f"<U:{word}>"
        elif not kind or kind != before:
            yield f"<{kind}>" if kind else word
        before = kind


def _ngrams(words: Sequence[str], longest: int) -> Iterator[str]:
    for length in range(1, longest + 1):
        for at in range(len(words) - length + 1):
            yield " ".join(words[at : at + length])


def _char_ngrams(words: Iterable[str]) -> Iterator[str]:
    text = f" {' '.join(words)} "[:_LONGEST_TEXT]
    for length in (3, 4, 5):
        for at in range(len(text) - length + 1):
            yield text[at : at + length]


def _skips(words: Sequence[str]) -> Iterator[str]:
    cues = [word for word in words if word in CUE_WORDS][:_SKIP_WORDS]
    for at, first in enumerate(cues):
        for second in cues[at + 1 :]:
            yield f"{first}~{second}"


def _shape(reading: Reading) -> Iterator[str]:
    kinds = [kind for kind in reading.classes if kind]
    yield f"length{min(len(reading.words), 12)}"
    yield f"plain{min(len(reading.words) - len(kinds), 8)}"
    for kind in sorted(set(kinds)):
        yield f"has{kind}"
    if not kinds:
        yield "nothing_known"
    if reading.words and len(kinds) == len(reading.words):
        yield "all_known"
        yield "all:" + "".join(_collapsed(reading))[:24]
    begun = sum("B" in (tag.get("product"), tag.get("brand")) for tag in reading.tags)
    yield f"things{min(begun, 4)}"
    strange = [
        word for word, tags in zip(reading.words, reading.tags, strict=True) if "odd" in tags
    ]
    yield f"odd{min(len(strange), 3)}"
    if strange and len(strange) == len(reading.words):
        yield "all_odd"
    unsayable = sum(bool(_UNSAYABLE.search(word)) for word in strange)
    if unsayable:
        yield f"unsayable{min(unsayable, 2)}"


def token_features(reading: Reading, intents: Sequence[str], context: str) -> list[list[str]]:
    """For each token what the entity model sees; `intents[i]` is the intent of its clause."""
    basics = [_token_basics(reading, at) for at in range(len(reading.tokens))]
    cue = "^"
    rows: list[list[str]] = []
    for at, (word, basic) in enumerate(zip(reading.words, basics, strict=True)):
        row = [*basic, f"i={intents[at]}", f"i={intents[at]}|w={word}", f"q={cue}", f"x={context}"]
        row.append(f"i={intents[at]}|k={_names(reading, at)}")
        for distance in (-2, -1, 1, 2):
            row.extend(_neighbor(reading, at, distance))
        row.extend(_pairs(reading, at))
        rows.append(row)
        if word in CUE_WORDS:
            cue = word
    return rows


def _token_basics(reading: Reading, at: int) -> list[str]:
    token, word = reading.tokens[at], reading.words[at]
    row = ["b", f"w={word}", f"e={word[-3:]}", f"a={word[:3]}", f"k={_names(reading, at)}"]
    row.append(f"h={_shape_of(token.text)}")
    row.append(f"c={reading.classes[at] or '-'}")
    row.extend(f"t={kind}{place}" for kind, place in reading.tags[at].items())
    if at == 0:
        row.append("first")
    if at == len(reading.tokens) - 1:
        row.append("last")
    return row


def _names(reading: Reading, at: int) -> str:
    if not 0 <= at < len(reading.tags):
        return "^"
    return ",".join(f"{kind}{place}" for kind, place in reading.tags[at].items()) or (
        reading.classes[at] or "-"
    )


def _neighbor(reading: Reading, at: int, distance: int) -> Iterator[str]:
    place = at + distance
    inside = 0 <= place < len(reading.words)
    yield f"w{distance}={reading.words[place] if inside else '^'}"
    yield f"k{distance}={_names(reading, place)}"
    if inside:
        yield f"c{distance}={reading.classes[place] or '-'}"


def _pairs(reading: Reading, at: int) -> Iterator[str]:
    words, count = reading.words, len(reading.words)
    before = words[at - 1] if at else "^"
    after = words[at + 1] if at + 1 < count else "$"
    yield f"p={before} {words[at]}"
    yield f"n={words[at]} {after}"
    yield f"s={before}_{after}"
    yield f"kk={_names(reading, at - 1)} {_names(reading, at)}"
    yield f"kn={_names(reading, at)} {_names(reading, at + 1)}"
    yield f"pk={before} {_names(reading, at)}"
    yield f"nk={_names(reading, at)} {after}"


def _shape_of(text: str) -> str:
    if text.isdecimal():
        return f"d{min(len(text), 5)}"
    if text[0].isdigit():
        return "n%" if text.endswith("%") else "n"
    if text.isupper() and len(text) > 1:
        return "X"
    return "Xx" if text[0].isupper() else "x" if text[0].isalpha() else text


def boundary_features(reading: Reading, at: int, *, buckets: int) -> dict[int, float]:
    """Features of the question whether a new clause, with another intent, begins at `at`."""
    words = ["^", "^", "^", *reading.words, "$", "$", "$"]
    kinds = ["^", "^", "^", *(kind or "-" for kind in reading.classes), "$", "$", "$"]
    here = at + 3
    after, before = words[here : here + 3], words[here - 3 : here]
    names = [f"a{place}={word}" for place, word in enumerate(after)]
    names += [f"b{place}={word}" for place, word in enumerate(before)]
    names += [f"n={first} {second}" for first, second in pairwise(after)]
    names += [f"m={first} {second}" for first, second in pairwise(before)]
    names += [f"k{'/'.join(kinds[here - 2 : here + 2])}", f"x={before[-1]} {after[0]}"]
    names += [f"y={before[-1]} {kinds[here]}", f"f={reading.words[0]} {after[0]}", "bias"]
    cues = [word for word in reading.words[at : at + 8] if word in CUE_WORDS]
    names += [f"r={cue}" for cue in cues]
    names += [f"o={cue}" for cue in reading.words[:at] if cue in CUE_WORDS][:8]
    found: dict[int, float] = {}
    for name in names:
        bucket = zlib.crc32(name.encode()) % buckets
        found[bucket] = found.get(bucket, 0.0) + 0.3
    return found
