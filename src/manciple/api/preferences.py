"""Preferences: what you like, cannot eat, and how you walk the store."""

from typing import Annotated

from msgspec import Meta

from manciple.api.context import Context
from manciple.grocery.domain.preferences import PreferenceEdit, Preferences
from manciple.platform.rpc.procedure import Wire
from manciple.platform.rpc.router import Router
from manciple.platform.security.permissions import Grant

router = Router("preferences")


class PreferencesShape(Wire, frozen=True, kw_only=True):
    """Your preferences; an empty list says that nothing was said.

    `aisleOrder` names departments ("Produce", "Drinks") in the order in which you walk them.
    """

    preferred_brands: tuple[str, ...]
    avoided_brands: tuple[str, ...]
    dietary: tuple[str, ...]
    allergens: tuple[str, ...]
    aisle_order: tuple[str, ...]
    preferred_store: str | None
    substitution_allowed: bool


class PreferencesInput(Wire, frozen=True, kw_only=True):
    """What to change; what is left out or null stays, and a list replaces the one before."""

    preferred_brands: Annotated[
        tuple[str, ...] | None,
        Meta(description="All the brands you like; they replace those before."),
    ] = None
    avoided_brands: Annotated[
        tuple[str, ...] | None,
        Meta(description="All the brands to avoid; they replace those before."),
    ] = None
    dietary: Annotated[
        tuple[str, ...] | None,
        Meta(description="All your diets, such as `gluten-free`; they replace those before."),
    ] = None
    allergens: Annotated[
        tuple[str, ...] | None,
        Meta(description="All you must not have, such as `peanuts`; they replace those before."),
    ] = None
    aisle_order: Annotated[
        tuple[str, ...] | None,
        Meta(description="Departments, such as `Produce`, in the order in which you walk them."),
    ] = None
    preferred_store: Annotated[
        str | None, Meta(description='In your own words; "" removes it.')
    ] = None
    substitution_allowed: Annotated[
        bool | None,
        Meta(description="Whether lines that you add may be replaced, unless they say themselves."),
    ] = None


@router.query("get", needs=Grant.READ, is_tool=True)
async def get_preferences(ctx: Context) -> PreferencesShape:
    """Your preferences."""
    return _shape(await ctx.preferences.see(ctx.principal.acting_for()))


@router.mutation("update", needs=Grant.WRITE, is_tool=True)
async def update_preferences(ctx: Context, wanted: PreferencesInput) -> PreferencesShape:
    """Your preferences with what you changed."""
    edit = PreferenceEdit(
        preferred_brands=wanted.preferred_brands,
        avoided_brands=wanted.avoided_brands,
        dietary=wanted.dietary,
        allergens=wanted.allergens,
        aisle_order=wanted.aisle_order,
        preferred_store=wanted.preferred_store,
        substitution_allowed=wanted.substitution_allowed,
    )
    return _shape(await ctx.preferences.change(ctx.principal.acting_for(), edit))


def _shape(found: Preferences) -> PreferencesShape:
    return PreferencesShape(
        preferred_brands=found.preferred_brands,
        avoided_brands=found.avoided_brands,
        dietary=found.dietary,
        allergens=found.allergens,
        aisle_order=found.aisle_order,
        preferred_store=found.preferred_store,
        substitution_allowed=found.substitution_allowed,
    )
