"""What there is to say of a query that nothing answers, or not all of it, for the shopper."""

from manciple.grocery.domain.queries import Understood
from manciple.grocery.domain.words import raw_tokens, stem


def why_nothing(wanted: Understood) -> str:
    """Why nothing answers a query."""
    if wanted.is_household:
        return "This catalog holds food and drink only."
    if wanted.brand:
        return _no_such_brand(wanted)
    if wanted.unknown:
        return "Nothing here is called " + ", ".join(map(repr, unknown_words(wanted))) + "."
    return "Nothing like it is in this catalog."


def _no_such_brand(wanted: Understood) -> str:
    thing = " ".join((*wanted.modifiers, *wanted.kind_words)) or wanted.brand_kind
    brand = " ".join(wanted.brand)
    if thing is None:
        return f"Nothing of the brand {brand!r} is in this catalog."
    return f"No {thing!r} of the brand {brand!r} is in this catalog; search for {thing!r} alone."


def unknown_words(wanted: Understood) -> tuple[str, ...]:
    """The words that nothing here is called, as they were typed."""
    typed = {stem(word): word for word in raw_tokens(wanted.text)}
    return tuple(typed.get(word, word) for word in wanted.unknown)
