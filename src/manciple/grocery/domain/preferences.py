"""What a household likes, cannot eat, and where and how it shops."""

from collections.abc import Sequence

import msgspec

from manciple.grocery.domain.lists import clean_text
from manciple.kit.errors import InvalidInput

MAX_NAMES = 100
MAX_NAME_CHARS = 80


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """One person's preferences; empty is "nothing was said", never "nothing matters".

    `dietary` and `allergens` are names such as "gluten-free" and "peanuts". `aisle_order` names
    departments in the order in which this person walks them.
    """

    preferred_brands: tuple[str, ...] = ()
    avoided_brands: tuple[str, ...] = ()
    dietary: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    aisle_order: tuple[str, ...] = ()
    preferred_store: str | None = None
    substitution_allowed: bool = True


class PreferenceEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; None leaves a field, and an empty text removes the store."""

    preferred_brands: tuple[str, ...] | None = None
    avoided_brands: tuple[str, ...] | None = None
    dietary: tuple[str, ...] | None = None
    allergens: tuple[str, ...] | None = None
    aisle_order: tuple[str, ...] | None = None
    preferred_store: str | None = None
    substitution_allowed: bool | None = None


def edited(found: Preferences, edit: PreferenceEdit) -> Preferences:
    """The preferences with what the edit names.

    Raises:
        InvalidInput: a name is too long, there are too many, or a brand is both preferred and
            avoided.
    """
    changes = {
        name: clean_names(name, value) if isinstance(value, tuple) else value
        for name in PreferenceEdit.__struct_fields__
        if (value := getattr(edit, name)) is not None
    }
    if edit.preferred_store is not None:
        (changes["preferred_store"],) = clean_names("store", [edit.preferred_store]) or (None,)
    after = msgspec.structs.replace(found, **changes)
    both = {name.casefold() for name in after.preferred_brands} & {
        name.casefold() for name in after.avoided_brands
    }
    if both:
        raise InvalidInput.at("avoidedBrands", f"{min(both)!r} is a preferred brand too")
    return after


def clean_names(where: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names on one line each, without doubles in whatever case, in the order given.

    Raises:
        InvalidInput: there are too many, or one is too long.
    """
    clean: dict[str, str] = {}
    for name in map(clean_text, names):
        if name:
            clean.setdefault(name.casefold(), name)
    if len(clean) > MAX_NAMES:
        raise InvalidInput.at(where, f"must have at most {MAX_NAMES} names")
    if any(len(name) > MAX_NAME_CHARS for name in clean):
        raise InvalidInput.at(where, f"must have names of at most {MAX_NAME_CHARS} characters")
    return tuple(clean.values())
