"""The order in which a shopper walks past things, by the department that a product is in."""

from collections.abc import Sequence

from manciple.grocery.domain.products import Product

# As most stores are laid out: the fresh wall first, what melts last.
DEPARTMENTS = (
    "Produce",
    "Bakery & Bread",
    "Meat & Seafood",
    "Breakfast",
    "Pantry",
    "Baby",
    "Snacks & Candy",
    "Drinks",
    "Dairy & Eggs",
    "Frozen & Prepared",
)


def department_of(product: Product | None) -> str | None:
    """The broadest category; None where nothing is known."""
    return product.category_path[0] if product is not None and product.category_path else None


def walk_key(product: Product | None, *, own_order: Sequence[str] = ()) -> tuple[int, str, str]:
    """Sorts things in walking order: by department, then by the narrower category.

    `own_order` names the departments that a person walks first, in their order; what is in no
    known department comes last.
    """
    department = department_of(product)
    if product is None or department is None:
        return (len(own_order) + len(DEPARTMENTS) + 1, "", "")
    own = [name.casefold() for name in own_order]
    if department.casefold() in own:
        place = own.index(department.casefold())
    elif department in DEPARTMENTS:
        place = len(own) + DEPARTMENTS.index(department)
    else:
        place = len(own) + len(DEPARTMENTS)
    return (place, department, " > ".join(product.category_path[1:]))
