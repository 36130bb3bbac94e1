"""Tables of bought items out of CSV, XLSX and JSON files: rows of text by normalized column.

`Order Number`, `orderNumber` and `order_number` are one column, `ordernumber`.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from manciple.kit.errors import InvalidInput

# 32 MiB and 200,000 rows: forty years of weekly orders of eighty items.
MAX_FILE_BYTES = 32 << 20
MAX_ROWS = 200_000

Row = Mapping[str, str]

_NAMES = ("productname", "itemname", "item", "product", "name")
_HEADERLESS = ("name", "price", "quantity")


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


def _csv(body: bytes) -> Iterator[tuple[int, Row]]:
    try:
        content = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput.at("file", "not UTF-8 text") from error
    dialect = "excel-tab" if "\t" in content.partition("\n")[0] else "excel"
    try:
        yield from _table(csv.reader(io.StringIO(content, newline=""), dialect, strict=True))
    except csv.Error as error:
        raise InvalidInput.at("file", f"broken CSV: {error}") from error


def _xlsx(body: bytes) -> Iterator[tuple[int, Row]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InvalidInput.at("file", "not an XLSX workbook") from error
    try:
        sheet = next((s for s in book.worksheets if s.title.lower() == "items"), book.worksheets[0])
        yield from _table([_cell(value) for value in row] for row in sheet.values)
    finally:
        book.close()


def _table(lines: Iterable[list[str]]) -> Iterator[tuple[int, Row]]:
    """Rows under a header; a table of three columns without one is name, line price, quantity."""
    header: list[str] | None = None
    for number, cells in enumerate(lines, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            names = [_normal(cell) for cell in cells]
            has_header = any(name in _NAMES for name in names)
            if not has_header and len(cells) != len(_HEADERLESS):
                raise InvalidInput.at("file", f"line {number}: no column for the product's name")
            header = names if has_header else list(_HEADERLESS)
            if has_header:
                continue
        yield number, {key: cell.strip() for key, cell in zip(header, cells, strict=False)}


def _json(body: bytes) -> Iterator[tuple[int, Row]]:
    try:
        value = json.loads(body, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise InvalidInput.at("file", "not JSON") from error
    if isinstance(value, dict):
        value = next((held for held in value.values() if isinstance(held, list)), [value])
    if not isinstance(value, list):
        raise InvalidInput.at("file", "expected a list of items or of orders")
    for number, entry in enumerate(value, start=1):
        if not isinstance(entry, dict):
            raise InvalidInput.at("file", f"entry {number} is no object")
        yield from ((number, row) for row in _flat(entry))


def _flat(entry: dict[str, Any]) -> Iterator[Row]:
    """An item as it is; an order with a list of items as one row an item."""
    own = {_normal(key): _cell(value) for key, value in entry.items() if _is_plain(value)}
    lists = [value for value in entry.values() if isinstance(value, list)]
    nested = [item for value in lists for item in value if isinstance(item, dict)]
    if not nested:
        yield own
    for item in nested:
        yield own | {_normal(key): _cell(value) for key, value in item.items() if _is_plain(value)}


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value).strip()


def _normal(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.lower())
