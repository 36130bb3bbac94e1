"""Catalogs in files: CSV, JSON lines or Parquet, read row by row in bounded memory."""

import csv
import importlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from manciple.grocery.domain.catalog_rows import FIELDS, read_row
from manciple.grocery.domain.catalogs import CatalogRow
from manciple.kit.errors import InvalidInput, Problem, Refused

# A product of ours is below 2 kB; a longer line is another kind of file.
_MOST_LINE_BYTES = 1_048_576
_BATCH = 1000
_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_JSON_LINES = frozenset({".jsonl", ".ndjson"})
_PARQUET = ".parquet"


class CatalogFile:
    """A catalog in a file; its kind is told by the file's ending."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise InvalidInput.at("file", f"{path} is no file")
        if path.suffix.lower() not in {*_SEPARATORS, *_JSON_LINES, _PARQUET}:
            raise InvalidInput.at("file", "must end in .csv, .tsv, .jsonl, .ndjson or .parquet")
        self.path = path
        # Rows rarely say when their price was seen; the file's own date does not change on a
        # second import, which therefore finds everything just so.
        self._stated_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)

    def rows(self) -> Iterator[CatalogRow]:
        """Every row, in order.

        Raises:
            InvalidInput: the file as a whole cannot be read.
            Refused: Parquet is asked for and its reader is not installed.
        """
        for line, row in self._raw():
            if isinstance(row, str):
                yield CatalogRow(line=line, problems=(Problem((), row),))
            else:
                yield read_row(line, row, stated_at=self._stated_at)

    def _raw(self) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
        suffix = self.path.suffix.lower()
        if suffix in _SEPARATORS:
            return _separated(self.path, _SEPARATORS[suffix])
        return _json_lines(self.path) if suffix in _JSON_LINES else _parquet(self.path)


def _separated(path: Path, separator: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    # Bad bytes become U+FFFD and are reported below, in their own row.
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        reader = csv.DictReader(lines, delimiter=separator, strict=True)
        _check_columns(tuple(reader.fieldnames or ()))
        try:
            for row in reader:
                yield reader.line_num, _separated_row(row)
        except csv.Error as error:
            # The reader has lost its place: what follows cannot be trusted.
            yield reader.line_num + 1, f"cannot be read, nor what follows ({error})"


def _separated_row(row: dict[str | Any, Any]) -> Mapping[str, Any] | str:
    if None in row:
        return "has more columns than the heading"
    if any("�" in (value or "") for value in row.values()):
        return "is not in UTF-8"
    return row


def _check_columns(columns: tuple[str, ...]) -> None:
    known = [field for field, names in FIELDS.items() if not set(names).isdisjoint(columns)]
    missing = [field for field in ("product_id", "name") if field not in known]
    if missing:
        raise InvalidInput(
            *(
                Problem((field,), f"no column is called {' or '.join(FIELDS[field])}")
                for field in missing
            )
        )


def _json_lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    # Prices must not pass through binary fractions.
    decoder = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(_MOST_LINE_BYTES + 1):
            number += 1
            if len(line) > _MOST_LINE_BYTES:
                yield number, f"is longer than {_MOST_LINE_BYTES} bytes; what follows is not read"
                return
            if not line.strip():
                continue
            try:
                row: Mapping[str, Any] | str = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                row = f"is no JSON object ({error})"
            yield number, row


def _parquet(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    try:
        # An optional driver, imported only where it is used.
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise Refused(
            "Parquet needs a reader that is not installed: pip install 'manciple[parquet]'"
        ) from error
    try:
        with parquet.ParquetFile(path) as table:
            _check_columns(tuple(table.schema_arrow.names))
            number = 0
            for batch in table.iter_batches(batch_size=_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except arrow.ArrowException as error:
        raise InvalidInput.at("file", f"cannot be read as Parquet ({error})") from error
