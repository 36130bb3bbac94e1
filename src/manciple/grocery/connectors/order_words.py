"""Words that the headings of tables of orders are known by."""

import re
from collections.abc import Mapping

Row = Mapping[str, str]

# Behind the name of a column whose namesake says something else in the same row.
AGAIN = " again"
# Marks a row that stands in a table of orders, not of their items.
OF_ORDER = " of an order"
# Under which a row keeps what stands beyond its columns.
BEYOND = " beyond"
NAMES = ("productname", "itemname", "itemdescription", "description", "producttitle", "title")
NAMES_TOO = ("item", "product", "name")
# A currency behind a heading, as in "Price (USD)"; any other currency is another column.
_DOLLARS = re.compile(r"[(\[]\s*(?:usd|us\$|\$)\s*[)\]]\s*$", re.IGNORECASE)


def normal(heading: str) -> str:
    """A heading as columns are compared: `Order Number` and `order_number` are one."""
    return re.sub(r"[^a-z0-9]", "", _DOLLARS.sub("", heading).lower())


def names_an_item(headings: Mapping[str, object] | list[str]) -> bool:
    """Whether one of the normalized headings stands over the names of goods."""
    return any(name in headings for name in (*NAMES, *NAMES_TOO))
