"""Tables of bought items out of CSV, XLSX and JSON files: rows of text by normalized column.

`Order Number`, `orderNumber` and `order_number` are one column, `ordernumber`.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from manciple.grocery.connectors.saved_files import BrokenFile, text_of, unpacked
from manciple.kit.errors import InvalidInput
from manciple.kit.late import Late

if TYPE_CHECKING:
    import openpyxl
else:
    # A tenth of a second and 5 MB, for files that few people bring.
    openpyxl = Late("openpyxl")

# 32 MiB and 200,000 rows: forty years of weekly orders of eighty items.
MAX_FILE_BYTES = 32 << 20
MAX_ROWS = 200_000
# A workbook is packed about ten to one; more is made to fill memory.
_MAX_UNPACKED_BYTES = 20 * MAX_FILE_BYTES

Row = Mapping[str, str]

NAMES = ("productname", "itemname", "itemdescription", "description", "producttitle", "title")
NAMES_TOO = ("item", "product", "name")
_DELIMITERS = (",", ";", "\t", "|")
# Titles and remarks above the header; more is another kind of file.
_MOST_ABOVE = 15
_ITEM_LISTS = ("items", "lineItems", "products", "lines")
_ORDER_LISTS = ("orders", "items", "data", "results")
# Of an item that stands inside an order, what would read as the whole order's.
_OF_THE_ITEM = {"total": "linetotal", "subtotal": "linetotal", "amount": "linetotal"}
_OF_THE_ORDER = frozenset({"tax", "tip", "discount", "savings", "ordertotal"})


def rows_of(body: bytes, *, name: str) -> Iterator[tuple[int, Row]]:
    """Each row with the line it stands on, from 1; `name` tells the format by its ending.

    Raises:
        InvalidInput: the file is too large, of an unknown ending, or broken.
    """
    if len(body) > MAX_FILE_BYTES:
        raise InvalidInput.at("file", f"larger than {MAX_FILE_BYTES} bytes")
    ending = name.rpartition(".")[2].lower()
    readers = {"csv": _csv, "tsv": _csv, "txt": _csv, "xlsx": _xlsx, "json": _json}
    if ending not in readers:
        raise InvalidInput.at("file", f"{name}: expected CSV, XLSX or JSON")
    for count, row in enumerate(readers[ending](body)):
        if count >= MAX_ROWS:
            raise InvalidInput.at("file", f"more than {MAX_ROWS} rows")
        yield row


def _text(body: bytes) -> str:
    try:
        return text_of(unpacked(body, most_bytes=MAX_FILE_BYTES))
    except BrokenFile as error:
        raise InvalidInput.at("file", str(error)) from error


def _csv(body: bytes) -> Iterator[tuple[int, Row]]:
    content = _text(body)
    told = re.match(r"sep=(.)\r?\n", content)
    if told:
        content = content[told.end() :]
    delimiter = told[1] if told else _delimiter(content)
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from _table(lines)
    except csv.Error as error:
        raise InvalidInput.at("file", f"broken CSV: {error}") from error


def _delimiter(content: str) -> str:
    """What stands between the cells: what most lines have the same number of, and most of."""

    def sameness(delimiter: str) -> tuple[float, int]:
        lines = csv.reader(io.StringIO(content[:65_536], newline=""), delimiter=delimiter)
        widths = Counter(len(cells) for cells in islice(lines, 30) if cells)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return (count / widths.total(), width) if width > 1 else (0.0, 0)

    return max(_DELIMITERS, key=sameness)


def _xlsx(body: bytes) -> Iterator[tuple[int, Row]]:
    try:
        _check_unpacked(body)
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=False)
        try:
            sheets = {sheet.title.lower(): sheet for sheet in reversed(book.worksheets)}
            sheet = sheets.get("items") or next(iter(reversed(sheets.values())))
            yield from _table([_cell(value) for value in row] for row in sheet.values)
        finally:
            book.close()
    except InvalidInput:
        raise
    except Exception as error:  # house: catches - the library's parsers raise whatever they like
        raise InvalidInput.at("file", "not an XLSX workbook") from error


def _check_unpacked(body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        size_bytes = sum(part.file_size for part in packed.infolist())
    if size_bytes > _MAX_UNPACKED_BYTES:
        raise InvalidInput.at("file", f"unpacks to more than {_MAX_UNPACKED_BYTES} bytes")


def _table(lines: Iterable[Sequence[str]]) -> Iterator[tuple[int, Row]]:
    """Rows under a header; a table of three columns without one is told by what it holds."""
    numbered = ((number, [cell.strip() for cell in cells]) for number, cells in enumerate(lines, 1))
    filled = ((number, cells) for number, cells in numbered if any(cells))
    above: list[tuple[int, list[str]]] = []
    for number, cells in filled:
        header = [_normal(cell) for cell in cells]
        if any(name in header for name in (*NAMES, *NAMES_TOO)) and not _has_amount(cells):
            yield from ((at, _row(header, row)) for at, row in filled)
            return
        above.append((number, cells))
        if len(above) > _MOST_ABOVE:
            break
    yield from _headerless(above, filled)


def _headerless(
    above: list[tuple[int, list[str]]], rest: Iterable[tuple[int, list[str]]]
) -> Iterator[tuple[int, Row]]:
    if not above:
        return
    rows = [*above, *islice(rest, MAX_ROWS + 1)]
    if any(len(cells) != len(_THREE) for _, cells in rows):
        problem = f"line {rows[0][0]}: no column for the product's name"
        raise InvalidInput.at("file", problem)
    header = _three([cells for _, cells in rows])
    yield from ((number, _row(header, cells)) for number, cells in rows)


_THREE = ("name", "price", "quantity")


def _three(rows: list[list[str]]) -> list[str]:
    """Which of three columns is which: amounts carry a sign, or two decimals where no other does.

    Raises:
        InvalidInput: that cannot be told.
    """
    columns = list(zip(*rows, strict=True))
    numeric = [place for place, cells in enumerate(columns) if all(map(_is_number, cells))]
    signed = [place for place in numeric if all(map(_has_sign, columns[place]))]
    exact = [place for place in numeric if all(_CENTS.search(cell) for cell in columns[place])]
    prices = signed or exact
    if len(numeric) != len(_THREE) - 1 or len(prices) != 1:
        problem = "three columns without a header: which are name, price and quantity is not told"
        raise InvalidInput.at("file", problem)
    header = ["name"] * len(_THREE)
    for place in numeric:
        header[place] = "price" if place == prices[0] else "quantity"
    return header


_NUMBER = re.compile(
    r"[-\u2212(]?\s*(?:US)?\$?\s*-?[\d.,]*\d\s*[¢)]?(?:\s*(?:lbs?|oz|kg|ea))?", re.IGNORECASE
)
_CENTS = re.compile(r"[.,]\d{2}\D*$")


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _has_sign(cell: str) -> bool:
    return "$" in cell or "¢" in cell


def _has_amount(cells: Sequence[str]) -> bool:
    """Whether a row carries money, which a header never does."""
    return any(_has_sign(cell) and any(map(str.isdigit, cell)) for cell in cells)


def _row(header: Sequence[str], cells: Sequence[str]) -> Row:
    """The cells under their columns; of two columns of one name the first that says something."""
    row: dict[str, str] = {}
    for key, cell in zip(header, cells, strict=False):
        row[key] = row.get(key) or cell
    return row


def _json(body: bytes) -> Iterator[tuple[int, Row]]:
    try:
        value = json.loads(_text(body), parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise InvalidInput.at("file", "not JSON") from error
    if isinstance(value, dict):
        value = _listed(value, _ORDER_LISTS) or [value]
    if not isinstance(value, list):
        raise InvalidInput.at("file", "expected a list of items or of orders")
    for number, entry in enumerate(value, start=1):
        if not isinstance(entry, dict):
            raise InvalidInput.at("file", f"entry {number} is no object")
        yield from ((number, row) for row in _flat(entry))


def _listed(value: dict[str, Any], names: Sequence[str]) -> list[Any] | None:
    """The list under one of the names, else the longest list of objects; None for none.

    An object that is itself an order, with its number, is not looked into.
    """
    if any(_normal(key) in _ORDER_KEYS for key in value):
        return None
    lists = {key: held for key, held in value.items() if isinstance(held, list)}
    named = next((lists[name] for name in names if lists.get(name)), None)
    return named or max(lists.values(), key=len, default=None)


_ORDER_KEYS = frozenset({"ordernumber", "orderid"})


def _flat(entry: dict[str, Any]) -> Iterator[Row]:
    """An item as it is; an order with a list of items as one row an item."""
    own = {_normal(key): _cell(value) for key, value in entry.items() if _is_plain(value)}
    named = [entry[name] for name in _ITEM_LISTS if isinstance(entry.get(name), list)]
    lists = named[:1] or [value for value in entry.values() if isinstance(value, list)]
    nested = [item for value in lists for item in value if isinstance(item, dict)]
    if not nested:
        yield own
        return
    for name in (*NAMES, *NAMES_TOO):
        own.pop(name, None)
    if "id" in own and not _ORDER_KEYS.intersection(own):
        own["orderid"] = own["id"]
    for item in nested:
        yield own | _item_of(item)


def _item_of(item: dict[str, Any]) -> dict[str, str]:
    plain = {_normal(key): _cell(value) for key, value in item.items() if _is_plain(value)}
    return {
        _OF_THE_ITEM.get(key, key): cell for key, cell in plain.items() if key not in _OF_THE_ORDER
    }


def _is_plain(value: Any) -> bool:
    return not isinstance(_simple(value), dict | list)


def _simple(value: Any) -> Any:
    """The amount of an object that holds just one, as `{"value": 3.98, "currency": "USD"}`."""
    if not isinstance(value, dict):
        return value
    return next((value[key] for key in ("value", "displayValue", "amount") if key in value), value)


def _cell(value: Any) -> str:
    value = _simple(value)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _normal(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.lower())
