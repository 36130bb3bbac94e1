"""Orders out of any file that people have of them: a saved page, or an export."""

from manciple.grocery.connectors.order_exports import read_export
from manciple.grocery.connectors.order_tables import MAX_FILE_BYTES
from manciple.grocery.connectors.saved_files import BrokenFile, unpacked
from manciple.grocery.connectors.walmart_orders import read_order_page
from manciple.grocery.domain.orders import OrderFile
from manciple.kit.errors import InvalidInput, Upstream

_PAGES = frozenset({"html", "htm"})
_TABLES = frozenset({"csv", "tsv", "txt", "xlsx"})
_JSON_LINES = frozenset({"jsonl", "ndjson"})
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


def read_order_file(body: bytes, *, name: str) -> OrderFile:
    """The orders of a page or an export, which may be packed with gzip.

    `name` tells by its ending which it is, and where it does not, the file's beginning. JSON may
    be either: the page's data or an export.

    Raises:
        InvalidInput: the file is neither.
        Upstream: it is a page of an unknown shape.
    """
    try:
        body = unpacked(body, most_bytes=MAX_FILE_BYTES)
    except BrokenFile as error:
        raise InvalidInput.at("file", str(error)) from error
    ending = _ending(body, name.lower().removesuffix(".gz"))
    if ending in _PAGES:
        return _page(body)
    if ending != "json":
        return read_export(body, name=f"orders.{ending}")
    try:
        return _page(body)
    except Upstream as error:
        try:
            return read_export(body, name="orders.json")
        except InvalidInput as export:
            problem = export.problems[0].problem
            raise Upstream(error.source, f"{error.problem}; as an export: {problem}") from error


def _ending(body: bytes, name: str) -> str:
    """The kind of file; a page that was saved under a table's name is still a page."""
    told, begins = name.rpartition(".")[2], body.lstrip()[:1]
    if begins == b"<" and told not in _PAGES and b"__NEXT_DATA__" in body:
        return "html"
    if told in _PAGES | _TABLES | {"json"}:
        return told
    if body.startswith(_OLD_WORKBOOK):
        raise InvalidInput.at("file", f"{name}: an old XLS workbook; save it as XLSX or CSV")
    if body.startswith(_ZIP):
        return "xlsx"
    if told in _JSON_LINES:
        return "json"
    return {b"<": "html", b"{": "json", b"[": "json"}.get(begins, told)


def _page(body: bytes) -> OrderFile:
    page = read_order_page(body)
    return OrderFile(orders=page.orders, refused=page.refused, next_cursor=page.next_cursor)
