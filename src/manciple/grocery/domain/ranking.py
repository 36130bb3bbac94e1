"""How well a product answers a query, with the reasons; pure, and bounded by 0 below."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.product_names import ParsedName, flavor_words
from manciple.grocery.domain.queries import Understood
from manciple.grocery.domain.unit_table import Dimension, Size
from manciple.grocery.domain.units import Total, total
from manciple.grocery.domain.wordings import Occasion, Unwanted, Words, holds, wordings

# Below this an answer is not worth showing; calibrated on queries for things that are not sold.
WORTH_SHOWING = 0.2
# Where not even the best answer reaches this, there is nothing like it: what stands beside the
# wanted (other vegetables for lettuce) is company for an answer, not an answer.
WORTH_ANSWERING = 0.35
# What remains of a thing of the right kind where none of the words that describe it fit.
_LEAST = 0.38

# Words that shops leave out because the shelf tells: their absence weighs little.
_SHELF_WORDS = {"canned": 0.3, "frozen": 0.4, "fresh": 0.1, "can": 0.3, "box": 0.1, "jar": 0.1,
                "bag": 0.1, "bottle": 0.1, "cooked": 0.8, "packet": 0.2, "large": 0.3, "small": 0.3,
                "plain": 0.5, "original": 0.5, "regular": 0.2, "classic": 0.4}  # fmt: skip
_VARIETY = frozenset({"variety", "assorted", "assortment", "combo", "mixed"})


class Reason(msgspec.Struct, frozen=True):
    """One part of a score: what, and how much it gave (a factor or a sum, as `effect` says)."""

    what: str
    effect: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A product's score for a query and why."""

    score: float
    reasons: tuple[Reason, ...]


def score(wanted: Understood, name: ParsedName) -> Scored | None:
    """How well the product of this name answers; None where it breaks a hard wish."""
    claims = grocery_claims()
    if any(not claims.answers(name.claims, asked) for asked in wanted.hard):
        return None
    stated = _absence(wanted.unwanted, name)
    if stated is None:
        return None
    reasons: list[Reason] = []
    value = _base(wanted, name, reasons)
    if value <= 0:
        return Scored(0.0, tuple(reasons))
    for asked in wanted.soft:
        if not claims.answers(name.claims, asked):
            value *= 0.55
            reasons.append(Reason(f"does not say {asked}", 0.55))
    if wanted.unwanted:
        value *= 0.8 + 0.2 * stated
        reasons.append(Reason("says what is absent", stated))
    if wanted.size is not None:
        fit = _size_fit(wanted.size, name.size)
        value *= fit
        reasons.append(Reason("size", fit))
    return Scored(round(value - len(name.words) * 0.0008, 6), tuple(reasons))


def _base(wanted: Understood, name: ParsedName, reasons: list[Reason]) -> float:
    if wanted.occasion is not None:
        return _for_occasion(wanted.occasion, name, reasons)
    if wanted.prefixes:
        return _for_prefix(wanted, name, reasons)
    near = 0.0
    if wanted.kind is not None and not wanted.brand:
        near = _kind_fit(wanted.kind, wanted.kind_words, name)
        if near < WORTH_SHOWING:
            return 0.0
    described = _described(wanted, name, reasons)
    if wanted.brand:
        return _for_brand(wanted, name, described, reasons)
    if wanted.kind is None:
        return _for_words(wanted, name, described, reasons)
    reasons.append(Reason(f"{name.kind} for {wanted.kind}", near))
    fit = near * (_LEAST + (1 - _LEAST) * described) * _plainness(wanted, name, reasons)
    literal = sum(word in name.words for word in wanted.typed) / max(len(wanted.typed), 1)
    return fit * (1 - _LITERAL + _LITERAL * literal)


# Among equals, those that are called what was typed come first ("mixed nuts" before peanuts).
_LITERAL = 0.05


def _kind_fit(kind: str, kind_words: Words, name: ParsedName) -> float:
    kinds = grocery_kinds()
    near = kinds.nearness(kind, name.kind)
    for too in name.kinds_too:
        near = max(near, 0.8 * kinds.nearness(kind, too))
    if near < 1 and kind_words and name.kind != kind:
        own = kinds.by_name[name.kind].words
        telling = [word for word in kind_words if word not in own]
        if all(word in name.head_words for word in telling):
            if near >= _KIN:
                near = max(near, 0.93)
            elif len(kind_words) > 1 and holds(name.words, kind_words):
                near = max(near, 0.3)
    if near < _RELATED and any(kind in kinds.chain(each) for each in name.mentions):
        near = max(near, _MENTIONED)
    return near if name.pure else near * 0.9


_RELATED = 0.3
# Beside or above what is wanted: then the name's own words may tell that it is just that.
_KIN = 0.2
_MENTIONED = 0.15


def _described(wanted: Understood, name: ParsedName, reasons: list[Reason]) -> float:
    """The share of the describing words that the name holds, by weight; 1 where there are none."""
    if not wanted.modifiers:
        return 1.0
    weights = [(_SHELF_WORDS.get(word, 1.0), word) for word in wanted.modifiers]
    whole = sum(weight for weight, _ in weights)
    lacking = sum(weight for weight, word in weights if not _says(name, word))
    share = 1 - lacking / max(whole, 1.0)
    reasons.append(Reason("words " + " ".join(wanted.modifiers), round(share, 3)))
    return share


def _says(name: ParsedName, word: str) -> bool:
    if word in name.words:
        return True
    return len(word) > 4 and any(each.startswith(word) for each in name.words)  # noqa: PLR2004 - a stem of a longer word


def _plainness(wanted: Understood, name: ParsedName, reasons: list[Reason]) -> float:
    """Less than 1 where the name adds flavors that nobody asked for."""
    asked = wanted.words
    own = grocery_kinds().by_name[name.kind].words
    extra = [word for word in name.flavors if word not in asked and word not in own]
    each = 0.02
    if wanted.modifiers:
        each = 0.12 if any(word in flavor_words() for word in wanted.modifiers) else 0.05
    factor = max(0.5, 1 - each * len(extra))
    if name.claims and not wanted.hard and not wanted.soft:
        factor *= _SPECIAL_DIET ** min(len(_SPECIAL & name.claims), 2)
    if not _VARIETY.isdisjoint(name.words) and _VARIETY.isdisjoint(wanted.words):
        factor *= 0.85 if wanted.modifiers else 0.93
    if extra:
        reasons.append(Reason("also " + " ".join(extra), round(factor, 3)))
    return factor


# Claims that make a thing a variant of itself, second to the plain one unless asked for.
_SPECIAL = frozenset(
    {"vegan", "dairy_free", "keto", "sugar_free", "lactose_free", "no_added_sugar"}
)
_SPECIAL_DIET = 0.95


def _for_brand(
    wanted: Understood, name: ParsedName, described: float, reasons: list[Reason]
) -> float:
    place = _place(name.words, wanted.brand)
    is_own = place is not None
    kind = wanted.kind or wanted.brand_kind
    near = _kind_fit(kind, wanted.kind_words, name) if kind else 1.0
    if wanted.kind is None and kind is not None:
        near = 0.6 + 0.4 * near if is_own else near
    if not is_own:
        fit = 0.3 * near * (_LEAST + (1 - _LEAST) * described) if kind else 0.0
        reasons.append(Reason("another brand", 0.3))
        return fit * _plainness(wanted, name, reasons)
    first = 1.0 if place is not None and place <= _NEAR_START else 0.75
    if wanted.kind is not None and near < _SAID_BY_OWN:
        said = all(word in name.words for word in wanted.kind_words)
        near = max(near, _SAID_BY_OWN if said else 0.22)
    reasons.append(Reason("brand " + " ".join(wanted.brand), first))
    reasons.append(Reason(f"{name.kind}", round(near, 3)))
    return first * near * (0.4 + 0.6 * described) * _plainness(wanted, name, reasons)


_NEAR_START = 3
# The brand's own product that says the word without being the thing: "hidden valley ranch" dip.
_SAID_BY_OWN = 0.6


def _place(words: Words, phrase: Words) -> int | None:
    size = len(phrase)
    for at in range(len(words) - size + 1):
        if words[at : at + size] == phrase:
            return at
    joined = "".join(phrase)
    return next((at for at, word in enumerate(words) if word == joined), None)


def _for_words(
    wanted: Understood, name: ParsedName, described: float, reasons: list[Reason]
) -> float:
    """A query that names no kind: only its words count, all of them."""
    if not wanted.modifiers:
        return 0.5 if wanted.hard or wanted.soft or wanted.size else 0.0
    if described < _MOST:
        return 0.0
    at_head = sum(word in name.head_words for word in wanted.modifiers) / len(wanted.modifiers)
    value = described * (0.6 + 0.2 * at_head)
    if holds(name.words, wanted.modifiers):
        value += 0.2
    return value * _plainness(wanted, name, reasons)


_MOST = 0.65


def _for_prefix(wanted: Understood, name: ParsedName, reasons: list[Reason]) -> float:
    """The finished word should be what the thing is or mainly tastes of; a commoner word first."""
    others = _described(wanted, name, reasons)
    kinds = grocery_kinds()
    best = 0.0
    own = kinds.by_name[name.kind].words
    for rank, word in enumerate(wanted.prefixes):
        if word not in name.words:
            continue
        is_thing = word in flavor_words() or word in kinds.vocabulary
        usual = max(0.6, 1 - 0.05 * rank) * (1 if is_thing else 0.75)
        if word in own:
            part = 1.0
        elif word in name.flavors:
            part = 0.9
        else:
            part = 0.85 if word in name.words[:4] else 0.7
        rivals = [flavor for flavor in name.flavors if flavor != word and flavor not in own]
        part *= max(0.6, 1 - 0.12 * len(rivals))
        if _VARIETY & set(name.words):
            part *= 0.75
        best = max(best, usual * part)
    typed = wanted.words[-1] if wanted.words else ""
    if typed in name.words:
        best = max(best, 0.6)
    reasons.append(Reason("begins with what was typed", round(best, 3)))
    return best * (0.3 + 0.7 * others)


def _for_occasion(occasion: Occasion, name: ParsedName, reasons: list[Reason]) -> float:
    best = _occasion_fit(occasion.name, name.kind)
    said = not occasion.words.isdisjoint(name.words)
    reasons.append(Reason(f"for {occasion.name}", best))
    if best == 0:
        return 0.3 if said else 0.0
    best += 0.12 if said else 0.0
    best += min(0.03 * len(occasion.lifts.intersection(name.words)), 0.09)
    return best if name.pure else best * 0.95


@lru_cache(maxsize=65536)
def _occasion_fit(occasion: str, found: str) -> float:
    """How well a kind fits an occasion, by its place in the occasion's lists."""
    kinds = grocery_kinds()
    entry = wordings().occasions[occasion]
    best = 0.0
    for weight, group in ((1.0, entry.made), (0.7, entry.part), (0.42, entry.loose)):
        for place, each in enumerate(group):
            kind = kinds.named(each)
            near = kinds.nearness(kind, found) if kind else 0.0
            if near > _CLOSE:
                best = max(best, weight * near * (1 - 0.008 * place))
    return round(best, 3)


_CLOSE = 0.45


def _absence(unwanted: Sequence[Unwanted], name: ParsedName) -> float | None:
    """How far the name states that the unwanted is absent; None where it holds it."""
    stated = 1.0
    for each in unwanted:
        words = _blanked(name.words, each.spares)
        if any(holds(words, phrase) for phrase in each.breaks):
            return None
        claimed = each.claim is not None and grocery_claims().answers(name.claims, each.claim)
        said = claimed or any(holds(name.words, phrase) for phrase in each.says)
        if each.claim is not None and not each.breaks and not claimed:
            return None
        stated *= 1.0 if said else 0.25
    return stated


def _blanked(words: Words, spares: frozenset[Words]) -> Words:
    """The words without the phrases that only seem to hold the unwanted."""
    for phrase in spares:
        if holds(words, phrase):
            if len(phrase) == 1 or phrase[-1] == "free" or phrase[0] in {"no", "non", "without"}:
                return ()
            at = _place(words, phrase)
            if at is not None:
                words = (*words[:at], *words[at + len(phrase) :])
    return words


def _size_fit(wanted: Size, found: Size | None) -> float:
    """1 for the very size, less the further away; 0.6 where the name states none."""
    if found is None:
        return 0.6
    asked, has = total(wanted), total(found)
    if asked.dimension is not has.dimension:
        return _size_fit_across(asked, has, found)
    if not asked.amount or not has.amount:
        return 0.6
    one = total(msgspec.structs.replace(found, pack=1))
    ratio = min(float(asked.amount / has.amount), float(has.amount / asked.amount))
    each = (
        min(float(asked.amount / one.amount), float(one.amount / asked.amount)) if one.amount else 0
    )
    if ratio > _SAME_SIZE:
        return 1.0
    return 0.9 if each > _SAME_SIZE and wanted.pack == 1 else 0.62 + 0.18 * ratio


def _size_fit_across(asked: Total, has: Total, found: Size) -> float:
    """The fit of sizes of different dimensions: counts of packs, and ounces of either sort."""
    if asked.dimension is Dimension.COUNT:
        pieces = {found.pieces, found.pack if found.pack > 1 else None}
        return 1.0 if int(asked.amount) in pieces else 0.7
    asked_g, has_g = _OZ_LIKE.get(asked.dimension), _OZ_LIKE.get(has.dimension)
    if asked_g is None or has_g is None or not has.amount:
        return 0.6
    ratio = float(asked.amount) / asked_g / (float(has.amount) / has_g)
    return 0.97 if _SAME_SIZE < ratio < 1 / _SAME_SIZE else 0.65


_SAME_SIZE = 0.97
# Shops print "oz" for fluid ounces, too: grams and milliliters of one.
_OZ_LIKE = {Dimension.MASS: 28.3495, Dimension.VOLUME: 29.5735}


def asks_flavor(wanted: Understood) -> bool:
    """Whether the query names a flavor."""
    return bool(set(wanted.words) & flavor_words())
