"""Tables of bought items out of CSV, XLSX and JSON files: rows of text by normalized column.

`Order Number`, `orderNumber` and `order_number` are one column, `ordernumber`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from manciple.grocery.connectors.order_columns import of_orders
from manciple.grocery.connectors.order_json import json_rows
from manciple.grocery.connectors.order_sheets import sheets_of
from manciple.grocery.connectors.order_words import (
    AGAIN,
    BEYOND,
    NAMES,
    NAMES_TOO,
    OF_ORDER,
    Row,
    names_an_item,
    normal,
)
from manciple.grocery.connectors.saved_files import BrokenFile, text_of, unpacked
from manciple.kit.errors import InvalidInput

# 32 MiB and 200,000 rows: forty years of weekly orders of eighty items.
MAX_FILE_BYTES = 32 << 20
MAX_ROWS = 200_000

_DELIMITERS = (",", ";", "\t", "|")
# Titles and remarks above the header; more is another kind of file.
_MOST_ABOVE = 15
# Under which a workbook of several sheets says where a row stood, and a file with several headers.
SHEET, PART = " sheet", " part"


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


def _json(body: bytes) -> Iterator[tuple[int, Row]]:
    return json_rows(_text(body))


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
    with sheets_of(body) as sheets:
        items = next((lines for title, lines in sheets if title.strip().lower() == "items"), None)
        if items is None:
            yield from _of_sheets([lines for _, lines in sheets])
            return
        yield from _table(items)
        for lines in (lines for _, lines in sheets if lines is not items):
            # Beside a sheet of items only one of orders counts; any other may be what it likes.
            with suppress(InvalidInput):
                yield from (row for row in _table(lines, may_be_orders=True) if OF_ORDER in row[1])


def _of_sheets(sheets: Sequence[Iterable[Sequence[str]]]) -> Iterator[tuple[int, Row]]:
    """The rows of every sheet that lists items, each marked with its sheet."""
    problem: InvalidInput | None = None
    has_any = False
    for place, lines in enumerate(sheets, 1):
        has_here = False
        try:
            for number, row in _table(lines, may_be_orders=True):
                has_any = has_here = True
                yield number, row if OF_ORDER in row else {**row, SHEET: str(place)}
        except InvalidInput as error:
            if has_here:
                raise
            # A cover or a summary; what is listed elsewhere still counts.
            problem = problem or error
    if problem is not None and not has_any:
        raise problem


def _table(
    lines: Iterable[Sequence[str]], *, may_be_orders: bool = False
) -> Iterator[tuple[int, Row]]:
    """Rows under a header; a table of three columns without one is told by what it holds."""
    numbered = ((number, [cell.strip() for cell in cells]) for number, cells in enumerate(lines, 1))
    filled = ((number, cells) for number, cells in numbered if any(cells))
    above: list[tuple[int, list[str]]] = []
    for number, cells in filled:
        header = [normal(cell) for cell in cells]
        if names_an_item(header) and not _has_amount(cells):
            yield from _under(cells, filled)
            return
        if may_be_orders and of_orders(dict.fromkeys(header, "")):
            for place, row in _under(cells, filled):
                yield place, {**of_orders(row), OF_ORDER: "yes"}
            return
        above.append((number, cells))
        if len(above) > _MOST_ABOVE:
            break
    yield from _headerless(above, filled)


def _under(top: list[str], below: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, Row]]:
    """The rows under a header, which may take two lines: groups of columns, then columns."""
    header = [normal(cell) for cell in top]
    first = next(below, None)
    if first is None:
        return
    second = [normal(cell) for cell in first[1]]
    if names_an_item(second) and not any(map(_is_number, first[1])):
        header = _joined(top, first[1])
        first = next(below, None)
    for number, cells in [first] if first else []:
        yield number, _row(header, cells)
    part = 1
    for number, cells in below:
        if [normal(cell) for cell in cells] == header:
            # Files that were put together repeat it.
            part += 1
        else:
            row = _row(header, cells)
            yield number, row if part == 1 else {**row, PART: str(part)}


def _joined(top: Sequence[str], below: Sequence[str]) -> list[str]:
    """Columns named by a line of groups and a line below it, which counts where it names goods."""
    groups, group = [], ""
    for place in range(len(below)):
        group = (top[place] if place < len(top) else "") or group
        groups.append(group)
    names = [normal(cell) for cell in below]
    return [
        name if name in (*NAMES, *NAMES_TOO) else normal(group) + name if name in _GROUPED else name
        for group, name in zip(groups, names, strict=True)
    ]


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


# Columns that say nothing without the group they stand in: "Order" over "Number".
_GROUPED = frozenset({"number", "no", "id", "total", "subtotal"})
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
        if key and cell and row.get(key) not in (None, "", cell):
            row[key + AGAIN] = cell
        row[key] = row.get(key) or cell
    beyond = [cell for cell in cells[len(header) :] if cell]
    return row | {BEYOND: beyond[0]} if beyond else row
