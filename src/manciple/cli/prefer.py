"""`manciple prefer`: what you like, cannot eat, and how you walk the store."""

from typing import Annotated

import typer

from manciple.api import preferences as ask
from manciple.api.preferences import PreferencesInput
from manciple.cli.asking import in_context
from manciple.cli.output import JsonOption, print_rows

Names = Annotated[list[str] | None, typer.Option(help="May repeat; one empty text empties it.")]


def prefer(
    ctx: typer.Context,
    *,
    brand: Names = None,
    avoid: Names = None,
    diet: Names = None,
    allergen: Names = None,
    aisle: Names = None,
    store: Annotated[str | None, typer.Option(help="The store; empty removes it.")] = None,
    substitutes: Annotated[
        bool | None,
        typer.Option(
            "--substitutes/--no-substitutes", help="Take something similar for what you add."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show your preferences; with options, change them."""
    wanted = PreferencesInput(
        preferred_brands=_names(brand),
        avoided_brands=_names(avoid),
        dietary=_names(diet),
        allergens=_names(allergen),
        aisle_order=_names(aisle),
        preferred_store=store,
        substitution_allowed=substitutes,
    )
    is_change = wanted != PreferencesInput()
    found = in_context(
        ctx,
        (lambda context: ask.update_preferences(context, wanted))
        if is_change
        else ask.get_preferences,
    )
    rows = [
        ("preferred brands", ", ".join(found.preferred_brands)),
        ("avoided brands", ", ".join(found.avoided_brands)),
        ("diet", ", ".join(found.dietary)),
        ("allergens", ", ".join(found.allergens)),
        ("aisle order", ", ".join(found.aisle_order)),
        ("store", found.preferred_store),
        ("substitutes", "allowed" if found.substitution_allowed else "never"),
    ]
    print_rows(found, ("preference", "value"), rows, as_json=as_json)


def _names(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(name for name in names if name)
