"""How well a product answers a query, with the reasons; pure, and bounded by 0 below."""

import msgspec

from manciple.grocery.domain.absences import absence
from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.flavors import flavor_words
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.occasion_fits import occasion_fit
from manciple.grocery.domain.product_names import ParsedName
from manciple.grocery.domain.queries import Understood
from manciple.grocery.domain.size_fits import size_fit
from manciple.grocery.domain.wordings import Occasion, Words, holds, holds_any, place_of

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
                "plain": 0.5, "original": 0.5, "regular": 0.2, "classic": 0.4,
                "family": 0.5, "value": 0.5}  # fmt: skip
# Words that say the contrary of what the shelf would else tell.
_CONTRARY = {
    "canned": frozenset({"frozen"}),
    "frozen": frozenset({"can", "canned", "pouch"}),
    "fresh": frozenset({"can", "canned"}),
}
_VARIETY = frozenset({"variety", "assorted", "assortment", "combo", "mixed"})


class Reason(msgspec.Struct, frozen=True):
    """One part of a score: what, and how much it gave (a factor or a sum, as `effect` says)."""

    what: str
    effect: float


# Filled while a score is explained; None while many are only counted.
Reasons = list[Reason] | None


class Yardstick:
    """A query, made ready to be held against many names.

    `usual` are the kinds that names of the wanted kind usually speak of, too: what a name adds
    beyond them makes it less plainly the thing ("milk snack" for milk).
    """

    def __init__(self, wanted: Understood, usual: frozenset[str] = frozenset()) -> None:
        self._wanted = wanted
        self._kinds = grocery_kinds()
        self._claims = grocery_claims()
        kind = wanted.kind or wanted.brand_kind
        self._kind = kind if kind in self._kinds.by_name else None
        self._under = frozenset(self._kinds.under(self._kind)) if self._kind else frozenset()
        self._typed = frozenset(wanted.typed)
        self._weights = tuple((_SHELF_WORDS.get(word, 1.0), word) for word in wanted.modifiers)
        self._whole = max(sum(weight for weight, _ in self._weights), 1.0)
        self._is_mixed = not _VARIETY.isdisjoint(wanted.words)
        self._has_wishes = bool(wanted.hard or wanted.soft)
        is_diet = self._kind is not None and self._kinds.has(self._kind, "diet")
        self._takes_diets = self._has_wishes or is_diet
        named = (match.kind for match in self._kinds.find(wanted.words))
        # Where a claim is asked for, it decides; what else a name says tells little then.
        self._usual = usual.union(named) if usual and not self._has_wishes else frozenset()
        self._each_extra = _each_extra(wanted.modifiers)
        self._nearness: dict[str, float] = {}
        self._telling: dict[str, frozenset[str]] = {}

    def score(self, name: ParsedName, reasons: Reasons = None) -> float:
        """How well the product of this name answers; 0 where it breaks a hard wish.

        What cannot reach `WORTH_SHOWING` may be answered with 0 without looking further.
        """
        wanted, claims = self._wanted, self._claims
        for asked in wanted.hard:
            if not claims.answers(name.claims, asked):
                return 0.0
        stated = absence(wanted.unwanted, name) if wanted.unwanted else 1.0
        if stated is None:
            return 0.0
        value = self._fit(name, reasons)
        if value < WORTH_SHOWING:
            return 0.0
        for asked in wanted.soft:
            if not claims.answers(name.claims, asked):
                factor = _DENIED if holds_any(name.words, claims.denying(asked)) else _UNSAID
                # Of several wishes each counts its share: two unmet ones are no worse than one.
                factor **= 1 / len(wanted.soft)
                value *= factor
                _tell(reasons, "does not say " + asked, round(factor, 3))
        if wanted.unwanted:
            value *= 0.8 + 0.2 * stated
            _tell(reasons, "says what is absent", stated)
        if wanted.size is not None:
            fit = size_fit(wanted.size, name.size)
            value *= fit
            _tell(reasons, "size", fit)
        return round(value - len(name.words) * 0.0008, 6)

    def is_answer(self, name: ParsedName) -> bool:
        """Whether the thing is what was asked for, though it may not be as it was wished."""
        if self._wanted.kind is None or self._wanted.brand or self._wanted.occasion is not None:
            return False
        described = _LEAST + (1 - _LEAST) * self._described(name, None)
        return self._kind_fit(name) * described >= WORTH_ANSWERING

    def reasons(self, name: ParsedName) -> tuple[Reason, ...]:
        """Why the score of this name is what it is."""
        reasons: list[Reason] = []
        self.score(name, reasons)
        return tuple(reasons)

    def _fit(self, name: ParsedName, reasons: Reasons) -> float:
        wanted = self._wanted
        if wanted.occasion is not None:
            return _for_occasion(wanted.occasion, name, reasons)
        if wanted.prefixes:
            return self._for_prefix(name, reasons)
        if wanted.brand:
            return self._for_brand(name, reasons)
        if wanted.kind is None:
            return self._for_words(name, reasons)
        return self._for_kind(name, reasons)

    def _for_kind(self, name: ParsedName, reasons: Reasons) -> float:
        near = self._kind_fit(name)
        if near < WORTH_SHOWING:
            return 0.0
        fit = near * (_LEAST + (1 - _LEAST) * self._described(name, reasons))
        if fit < WORTH_SHOWING:
            return 0.0
        if reasons is not None:
            reasons.append(Reason(f"{name.kind} for {self._wanted.kind}", near))
        fit *= self._plainness(name, reasons)
        literal = len(self._typed.intersection(name.words)) / max(len(self._typed), 1)
        return fit * (1 - _LITERAL + _LITERAL * literal)

    def _kind_fit(self, name: ParsedName) -> float:
        kind, found = self._kind, name.kind
        if kind is None:
            return 1.0
        near = self._nearness.get(found)
        if near is None:
            near = self._nearness[found] = self._kinds.nearness(kind, found)
        for too in name.kinds_too:
            near = max(near, 0.8 * self._kinds.nearness(kind, too))
        if near < 1 and found != kind and self._wanted.kind_words:
            near = self._as_called(name, near)
        if near < _RELATED and not self._under.isdisjoint(name.mentions):
            near = max(near, _MENTIONED)
        return near if name.pure else near * 0.9

    def _as_called(self, name: ParsedName, near: float) -> float:
        """The nearness of another kind, more where the name's own words tell it is the wanted."""
        words = self._wanted.kind_words
        telling = self._telling.get(name.kind)
        if telling is None:
            telling = frozenset(words).difference(self._kinds.by_name[name.kind].words)
            self._telling[name.kind] = telling
        if telling and not telling.issubset(name.head_words):
            return near
        if near >= _KIN and (telling or self._kind not in self._kinds.chain(name.kind)):
            return max(near, 0.93)
        if len(words) == 1 or not holds(name.words, words):
            return near
        is_company = self._kinds.are_company(self._kind or "", name.kind)
        return max(near, _SAID_IN_COMPANY if is_company else 0.3)

    def _described(self, name: ParsedName, reasons: Reasons) -> float:
        """The share of the describing words that the name holds, by weight; 1 without any."""
        if not self._weights:
            return 1.0
        lacking = sum(
            [_lack(name, word, weight) for weight, word in self._weights if not _says(name, word)]
        )
        share = 1 - lacking / self._whole
        if reasons is not None:
            reasons.append(Reason("words " + " ".join(self._wanted.modifiers), round(share, 3)))
        return share

    def _plainness(self, name: ParsedName, reasons: Reasons) -> float:
        """Less than 1 where the name adds flavors that nobody asked for."""
        wanted = self._wanted
        own = self._kinds.by_name[name.kind].words
        asked = wanted.words
        extra = [word for word in name.flavors if word not in asked and word not in own]
        factor = max(0.5, 1 - self._each_extra * len(extra))
        if name.claims and not self._takes_diets:
            factor *= _SPECIAL_DIET ** min(len(_SPECIAL & name.claims), 2)
        if not self._is_mixed and not _VARIETY.isdisjoint(name.words):
            factor *= 0.85 if wanted.modifiers else 0.93
        if extra and reasons is not None:
            reasons.append(Reason("also " + " ".join(extra), round(factor, 3)))
        if self._usual and not self._usual.issuperset(name.mentions):
            strange = len(set(name.mentions) - self._usual)
            unusual = 1 - _STRANGE * min(strange, _MOST_STRANGE)
            factor *= unusual
            _tell(reasons, "speaks of other things", unusual)
        return factor

    def _for_brand(self, name: ParsedName, reasons: Reasons) -> float:
        wanted = self._wanted
        place = place_of(name.words, wanted.brand)
        near = self._kind_fit(name)
        if place is None:
            return self._for_another_brand(name, near, reasons)
        if wanted.kind is None and self._kind is not None:
            near = 0.6 + 0.4 * near
        if wanted.kind is not None and near < _SAID_BY_OWN:
            said = all(word in name.words for word in wanted.kind_words)
            near = max(near, _SAID_BY_OWN if said and not self._is_part(name) else 0.22)
        described = self._described(name, reasons)
        first = 1.0 if place <= _NEAR_START else 0.75
        _tell(reasons, "brand " + " ".join(wanted.brand), first)
        _tell(reasons, name.kind, round(near, 3))
        return first * near * (0.4 + 0.6 * described) * self._plainness(name, reasons)

    def _is_part(self, name: ParsedName) -> bool:
        """Whether the wanted is but what another thing is made of: corn, and a corn dog."""
        own = self._kinds.by_name[name.kind].words
        is_plain = self._kind is not None and self._kinds.has(self._kind, "plain")
        return (
            is_plain
            and self._wanted.brand_kind is None
            and set(own).issuperset(self._wanted.kind_words)
        )

    def _for_another_brand(self, name: ParsedName, near: float, reasons: Reasons) -> float:
        if self._kind is None or 0.3 * near < WORTH_SHOWING:
            return 0.0
        described = self._described(name, reasons)
        _tell(reasons, "another brand", 0.3)
        return 0.3 * near * (_LEAST + (1 - _LEAST) * described) * self._plainness(name, reasons)

    def _for_words(self, name: ParsedName, reasons: Reasons) -> float:
        """A query that names no kind: only its words count, all of them."""
        wanted = self._wanted
        if not wanted.modifiers:
            return 0.5 if self._has_wishes or wanted.size else 0.0
        described = self._described(name, reasons)
        if described < _MOST:
            return 0.0
        at_head = sum(word in name.head_words for word in wanted.modifiers) / len(wanted.modifiers)
        value = described * (0.6 + 0.2 * at_head)
        if holds(name.words, wanted.modifiers):
            value += 0.2
        return value * self._plainness(name, reasons)

    def _for_prefix(self, name: ParsedName, reasons: Reasons) -> float:
        """The finished word should be what the thing is or tastes of; a commoner word first."""
        wanted = self._wanted
        others = self._described(name, reasons)
        own = self._kinds.by_name[name.kind].words
        best = 0.0
        for rank, word in enumerate(wanted.prefixes):
            if word in name.words:
                is_thing = word in flavor_words() or word in self._kinds.vocabulary
                usual = max(0.6, 1 - 0.05 * rank) * (1 if is_thing else 0.75)
                best = max(best, usual * _part_of(name, word, own))
        if wanted.words and wanted.words[-1] in name.words:
            best = max(best, 0.6)
        _tell(reasons, "begins with what was typed", round(best, 3))
        return best * (0.3 + 0.7 * others)


# "Chicken" in butter chicken for one who types "chick", "pizza" in pizza sauce for "pizz".
_HEAD = 0.97
_NOT_HEAD = 0.93
# What each unusual thing that a name speaks of costs, and how many of them count.
_STRANGE = 0.04
_MOST_STRANGE = 2
# Among equals, those that are called what was typed come first ("mixed nuts" before peanuts).
_LITERAL = 0.05
_RELATED = 0.3
# Beside or above what is wanted: then the name's own words may tell that it is just that.
_KIN = 0.16
# Another meal, drink, sauce … whose name says just what is wanted ("Fruit Punch Juice").
_SAID_IN_COMPANY = 0.7
_MENTIONED = 0.15
# Claims that make a thing a variant of itself, second to the plain one unless asked for.
_SPECIAL = frozenset(
    {"vegan", "dairy_free", "keto", "sugar_free", "lactose_free", "no_added_sugar"}
)
_SPECIAL_DIET = 0.95
# A wish that the name does not answer, and one of which it says the contrary.
_UNSAID = 0.55
_DENIED = 0.4
_NEAR_START = 3
# The brand's own product that says the word without being the thing: "hidden valley ranch" dip.
_SAID_BY_OWN = 0.6
_MOST = 0.65


def _tell(reasons: Reasons, what: str, effect: float) -> None:
    if reasons is not None:
        reasons.append(Reason(what, effect))


def _each_extra(modifiers: Words) -> float:
    """What a flavor that nobody asked for costs: most where another flavor was asked for."""
    if not modifiers:
        return 0.02
    return 0.05 if flavor_words().isdisjoint(modifiers) else 0.12


def _says(name: ParsedName, word: str) -> bool:
    if word in name.words:
        return True
    # A stem of a longer word; one search in the joined words is the quickest way to look.
    return len(word) > 4 and " " + word in " " + " ".join(name.words)  # noqa: PLR2004 - "corn" is no "cornstarch"


def _lack(name: ParsedName, word: str, weight: float) -> float:
    """What the absence of a word weighs: all, where the name says the contrary."""
    contrary = _CONTRARY.get(word)
    return 1.0 if contrary and not contrary.isdisjoint(name.words) else weight


def _part_of(name: ParsedName, word: str, own: Words) -> float:
    """How much of what the thing is the word tells."""
    if word in own:
        part = 1.0 if own == (word,) else _HEAD if word == own[-1] else _NOT_HEAD
    elif word in name.flavors:
        part = 0.9
    else:
        part = 0.85 if word in name.words[:4] else 0.7
    rivals = [flavor for flavor in name.flavors if flavor != word and flavor not in own]
    part *= max(0.6, 1 - 0.12 * len(rivals))
    return part * 0.75 if not _VARIETY.isdisjoint(name.words) else part


def _for_occasion(occasion: Occasion, name: ParsedName, reasons: Reasons) -> float:
    best = occasion_fit(occasion.name, name.kind)
    # Blue Bunny is no bunny for Easter.
    said = not occasion.words.isdisjoint(word for word in name.words if word not in name.brand)
    if reasons is not None:
        reasons.append(Reason(f"for {occasion.name}", best))
    if best == 0:
        return 0.3 if said else 0.0
    best += 0.12 if said else 0.0
    best += min(0.03 * len(occasion.lifts.intersection(name.words)), 0.09)
    return best if name.pure else best * 0.95
