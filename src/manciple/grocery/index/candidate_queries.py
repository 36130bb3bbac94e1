"""What of the index may answer a query: its kinds and words, by what each weighs there."""

import tantivy

from manciple.grocery.domain.claims import grocery_claims
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.queries import Understood


def candidate_query(schema: tantivy.Schema, wanted: Understood) -> tantivy.Query | None:
    """Anything that speaks of what is wanted; what is of its kind and name weighs most.

    None where nothing is: no word that counts, and no wish.
    """
    parts = [
        tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, term), boost)
        for field, term, boost in _terms(wanted)
    ]
    if not parts:
        if not wanted.hard and not wanted.soft:
            return None
        parts = [tantivy.Query.term_query(schema, "meta", "product")]
    should = tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
    if len(wanted.hard) == 0:
        return should
    return tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, should),
            *((tantivy.Occur.Must, each) for each in _hard(schema, wanted)),
        ]
    )


def _hard(schema: tantivy.Schema, wanted: Understood) -> list[tantivy.Query]:
    return [
        tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "claim", claim))
                for claim in grocery_claims().satisfying(asked)
            ]
        )
        for asked in sorted(wanted.hard)
    ]


def _terms(wanted: Understood) -> list[tuple[str, str, float]]:
    kinds = grocery_kinds()
    terms: list[tuple[str, str, float]] = []
    kind = wanted.kind or (wanted.brand_kind if wanted.brand_kind in kinds.by_name else None)
    if kind:
        terms.append(("kind", kind, 6.0))
        parents = [each for each in kinds.chain(kind)[1:] if not kinds.has(each, "generic")]
        terms.extend(("kind", parent, 2.0 / (at + 1)) for at, parent in enumerate(parents))
        terms.append(("mention", kind, 1.0))
        terms.extend(("word", word, 0.8) for word in wanted.kind_words)
    terms.extend(("word", word, 4.0) for word in wanted.brand)
    terms.extend(("word", word, 2.5) for word in wanted.modifiers)
    terms.extend(("word", word, 3.0 / (1 + at)) for at, word in enumerate(wanted.prefixes))
    if wanted.prefixes:
        terms.extend(("word", word, 1.0) for word in wanted.words[-1:])
    if wanted.occasion:
        for weight, group in (
            (6.0, wanted.occasion.made),
            (3.0, wanted.occasion.part),
            (1.0, wanted.occasion.loose),
        ):
            named = (kinds.named(each) for each in group)
            terms.extend(("kind", each, weight) for each in named if each)
        terms.extend(("word", word, 2.0) for word in sorted(wanted.occasion.words))
    return terms
