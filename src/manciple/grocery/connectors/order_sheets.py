"""Sheets of XLSX workbooks as lines of texts; what is made to keep a machine busy is refused.

Workbooks say their own sizes, and a file of some kilobytes may speak of billions of cells.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from manciple.grocery.connectors.order_json import cell_text
from manciple.kit.errors import InvalidInput
from manciple.kit.late import Late

if TYPE_CHECKING:
    import openpyxl
else:
    # A tenth of a second and 5 MB, for files that few people bring.
    openpyxl = Late("openpyxl")

# 128 MiB: 200,000 rows of ten cells, at sixty bytes a cell.
_MAX_UNPACKED_BYTES = 128 << 20
# A sheet has no more rows; counted over all sheets, the empty ones too.
_MAX_LINES = 1 << 20
# 200,000 rows of fifteen cells; the library reads some 100,000 a second.
_MAX_CELLS = 3_000_000
# The widest export seen has 24 columns.
_MAX_COLUMNS = 1_000


class _Read(msgspec.Struct):
    """How much of a workbook was read."""

    lines: int = 0
    cells: int = 0


@contextmanager
def sheets_of(body: bytes) -> Iterator[Sequence[tuple[str, Iterator[list[str]]]]]:
    """Each sheet's title and its lines, which can be read once and while this is open.

    Raises:
        InvalidInput: it is no workbook, or larger than any of orders.
    """
    try:
        _check_unpacked(body)
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=False)
        read = _Read()
        try:
            yield [(sheet.title, _lines(sheet, read)) for sheet in book.worksheets]
        finally:
            book.close()
    except InvalidInput:
        raise
    except Exception as error:  # house: catches - the library's parsers raise whatever they like
        raise InvalidInput.at("file", "not an XLSX workbook") from error


def _lines(sheet: Any, read: _Read) -> Iterator[list[str]]:
    # The size that a sheet says of itself may be that of all its columns, which all get filled in.
    sheet.reset_dimensions()
    for cells in sheet.values:
        read.lines += 1
        read.cells += len(cells)
        if read.lines > _MAX_LINES:
            raise InvalidInput.at("file", f"more than {_MAX_LINES} lines")
        if read.cells > _MAX_CELLS:
            raise InvalidInput.at("file", f"more than {_MAX_CELLS} cells")
        if any(cell is not None for cell in cells[_MAX_COLUMNS:]):
            raise InvalidInput.at("file", f"line {read.lines}: more than {_MAX_COLUMNS} columns")
        yield [cell_text(value) for value in cells[:_MAX_COLUMNS]]


def _check_unpacked(body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        size_bytes = sum(part.file_size for part in packed.infolist())
    if size_bytes > _MAX_UNPACKED_BYTES:
        raise InvalidInput.at("file", f"unpacks to more than {_MAX_UNPACKED_BYTES} bytes")
