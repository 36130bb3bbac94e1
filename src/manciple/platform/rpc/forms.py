"""Inputs that are no JSON: forms with files, and byte streams."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from manciple.kit.errors import InvalidInput

if TYPE_CHECKING:  # the package has the name for checkers alone
    from python_multipart.multipart import MultipartCallbacks

# Browsers send a part for each field; ours have a handful.
_MAX_PARTS = 1000
# The parser warns of every body that is no form; its sender is told, and strangers fill no log.
_UNHEARD = logging.getLogger(f"{__name__}.unheard")
_UNHEARD.disabled = True
_ESCAPED = ((b"%0A", b"\n"), (b"%0D", b"\r"), (b"%22", b'"'))

ReadChunk = Callable[[], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a form."""

    file_name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A procedure's input of fields and files: `FormData` in the client. Names may repeat."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, Upload], ...] = ()

    def text(self, name: str) -> str:
        """The first field of that name.

        Raises:
            InvalidInput: there is none.
        """
        for key, value in self.fields:
            if key == name:
                return value
        raise InvalidInput.at(name, "Invalid input: expected string, received undefined")

    def file(self, name: str) -> Upload:
        """The first file of that name.

        Raises:
            InvalidInput: there is none.
        """
        for key, value in self.files:
            if key == name:
                return value
        raise InvalidInput.at(name, "Invalid input: expected File, received undefined")


class ByteStream:
    """A procedure's input of bytes: a `Blob`, `File` or `Uint8Array` in the client."""

    def __init__(self, read_chunk: ReadChunk) -> None:
        self._read_chunk = read_chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (chunk := await self._read_chunk()) is not None:
            yield chunk

    async def read(self) -> bytes:
        """All that is left, at once."""
        return b"".join([chunk async for chunk in self])


def parse_form(body: bytes, content_type: bytes) -> Form:
    """The form in a `multipart/form-data` body.

    Raises:
        InvalidInput: the body is no such form, or has too many parts.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise InvalidInput.at("content-type", "A form needs a boundary")
    collector = _Collector()
    try:
        parser = MultipartParser(boundary, collector.callbacks())
        parser.logger = _UNHEARD
        parser.write(body)
        parser.finalize()
        return collector.form()
    except (FormParserError, ValueError, UnicodeError) as error:
        raise InvalidInput.at("body", "Failed to parse body as FormData") from error


class _Collector:
    """Gathers what the parser of multipart bodies calls back."""

    def __init__(self) -> None:
        self._fields: list[tuple[str, str]] = []
        self._files: list[tuple[str, Upload]] = []
        self._headers: dict[bytes, bytes] = {}
        self._name = bytearray()
        self._value = bytearray()
        self._data = bytearray()
        self._is_whole = False

    def form(self) -> Form:
        """What was gathered; the last boundary must have come."""
        if not self._is_whole:
            raise ValueError("the form stops before its end")
        return Form(tuple(self._fields), tuple(self._files))

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser wants to call."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header,
            "on_part_data": lambda data, start, end: self._data.extend(data[start:end]),
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        if len(self._fields) + len(self._files) >= _MAX_PARTS:
            raise ValueError("the form has too many parts")
        self._headers = {}
        self._data = bytearray()

    def _header(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _finish(self) -> None:
        self._is_whole = True

    def _end(self) -> None:
        options = parse_options_header(self._headers.get(b"content-disposition", b""))[1]
        name = _unescaped(options.get(b"name", b""))
        file_name = options.get(b"filename")
        if file_name is None:
            self._fields.append((name, self._data.decode()))
            return
        media_type = self._headers.get(b"content-type", b"application/octet-stream")
        upload = Upload(
            file_name=_unescaped(file_name),
            media_type=media_type.decode("latin-1"),
            body=bytes(self._data),
        )
        self._files.append((name, upload))


def _unescaped(name: bytes) -> str:
    """A name as its sender has it: forms escape what would end the quotes, and nothing else."""
    for escaped, plain in _ESCAPED:
        name = name.replace(escaped, plain)
    return name.decode()
