"""Orders out of any file that people have of them: a saved page, or an export."""

from manciple.grocery.connectors.order_exports import read_export
from manciple.grocery.connectors.walmart_orders import read_order_page
from manciple.grocery.domain.orders import OrderFile
from manciple.kit.errors import InvalidInput, Upstream

_PAGES = frozenset({"html", "htm"})


def read_order_file(body: bytes, *, name: str) -> OrderFile:
    """The orders of a page or an export; `name` tells by its ending which it is.

    JSON may be either: the page's data or an export.

    Raises:
        InvalidInput: the file is neither.
        Upstream: it is a page of an unknown shape.
    """
    ending = name.rpartition(".")[2].lower()
    if ending in _PAGES:
        return _page(body)
    if ending != "json":
        return read_export(body, name=name)
    try:
        return _page(body)
    except Upstream as error:
        try:
            return read_export(body, name=name)
        except InvalidInput:
            raise error from None


def _page(body: bytes) -> OrderFile:
    page = read_order_page(body)
    return OrderFile(orders=page.orders, next_cursor=page.next_cursor)
