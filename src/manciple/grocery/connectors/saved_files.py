"""Files as people saved them: packed or not, in any of the usual encodings."""

import codecs
import gzip
import io
import zlib

# Gzip's first two bytes.
_PACKED = b"\x1f\x8b"
_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class BrokenFile(Exception):
    """A file that cannot be unpacked or read as text, and why."""


def unpacked(body: bytes, *, most_bytes: int) -> bytes:
    """The body, out of its gzip if it is in one, as UTF-8 where it says its encoding.

    Raises:
        BrokenFile: it is larger than `most_bytes`, or no whole gzip.
    """
    if body.startswith(_PACKED):
        body = _gunzipped(body, most_bytes=most_bytes)
    if len(body) > most_bytes:
        raise BrokenFile(f"larger than {most_bytes} bytes")
    for mark, encoding in _MARKED:
        if body.startswith(mark):
            try:
                return body[len(mark) :].decode(encoding).encode()
            except UnicodeDecodeError as error:
                raise BrokenFile(f"not the {encoding.upper()} text that it says it is") from error
    return body


def text_of(body: bytes) -> str:
    """The text: UTF-8, or else Windows-1252, which older programs write without saying so.

    Raises:
        BrokenFile: it is neither, or no text at all.
    """
    try:
        found = body.decode()
    except UnicodeDecodeError:
        try:
            found = body.decode("cp1252")
        except UnicodeDecodeError as error:
            raise BrokenFile("neither UTF-8 nor Windows-1252 text") from error
    if "\0" in found:
        raise BrokenFile("no text: it holds zero bytes")
    return found


def _gunzipped(body: bytes, *, most_bytes: int) -> bytes:
    """Every member of the file: packers that work in blocks, and `cat`, put several in a row.

    Zeros behind the last one are padding, as of a tape. Anything else might be a member that is
    damaged, and what it held would be missing unseen: the file is refused.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            return stream.read(most_bytes + 1)
    except EOFError as error:
        raise BrokenFile("a gzip file that is cut off") from error
    except (OSError, zlib.error) as error:
        # The body begins as gzip does, so it is a later member that does not.
        if str(error).startswith("Not a gzipped file"):
            problem = "a gzip file with something else behind it; `gzip -dc` unpacks what is before"
            raise BrokenFile(problem) from error
        raise BrokenFile("not a whole gzip file") from error
