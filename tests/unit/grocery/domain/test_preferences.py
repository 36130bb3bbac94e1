import pytest

from manciple.grocery.domain.preferences import MAX_NAMES, PreferenceEdit, Preferences, edited
from manciple.kit.errors import InvalidInput


def test_an_edit_changes_what_it_names_and_empties_what_it_empties() -> None:
    before = edited(Preferences(), PreferenceEdit(dietary=("vegan",), preferred_store="Main St"))
    after = edited(before, PreferenceEdit(dietary=(), preferred_brands=("Silk",)))
    assert (after.dietary, after.preferred_brands) == ((), ("Silk",))
    assert after.preferred_store == "Main St"
    assert edited(after, PreferenceEdit(preferred_store="")).preferred_store is None


def test_names_are_kept_once_as_first_written() -> None:
    names = (" Great  Value ", "great value", "", "Silk")
    assert edited(Preferences(), PreferenceEdit(preferred_brands=names)).preferred_brands == (
        "Great Value",
        "Silk",
    )


def test_a_brand_is_not_preferred_and_avoided_at_once() -> None:
    edit = PreferenceEdit(preferred_brands=("Silk",), avoided_brands=("SILK",))
    with pytest.raises(InvalidInput):
        edited(Preferences(), edit)


@pytest.mark.parametrize("names", [("n" * 81,), tuple(str(n) for n in range(MAX_NAMES + 1))])
def test_too_many_or_too_long_names_are_invalid(names: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        edited(Preferences(), PreferenceEdit(allergens=names))
