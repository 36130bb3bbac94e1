"""Requests to one small table of procedures, from plain to odd."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from manciple.platform.rpc.codes import CODES

# Each with inputs that fit and inputs that do not.
INPUTS: dict[str, list[Any]] = {
    "diagnostics.echo": [{"v": "é🛒 +&%\n"}, {"v": [1, None, {"a": 0.5}]}, {}, {"w": 1}, None, []],
    "diagnostics.nullResult": [None, 5],
    "diagnostics.throwCode": [*({"code": code} for code in CODES), {"code": 5}, {}],
    "diagnostics.counter": [{"count": 2}, {"count": 3, "lastEventId": "1"}, {"count": "x"}, 7],
    "diagnostics.mixed": [{}, {"lastEventId": "m1"}, {"lastEventId": 1}, "m1"],
    "diagnostics.failing": [{"after": 1, "code": "CONFLICT"}, {"after": 0.5, "code": "CONFLICT"}],
    "diagnostics.uploadForm": [None, {"name": "x"}],
    "diagnostics.uploadBytes": [None, [1]],
    "extra.add": [{"a": 1, "b": 2}, {"a": 1.0, "b": 100}, {"a": 1, "b": 101}, {"a": "1"}],
    "extra.nothing": [None, {}],
    "nope": [{}],
    "__proto__": [None],
    "diagnostics": [None],
    "diagnostics.echo.v": [{}],
}
MUTATIONS = {
    *("diagnostics.uploadForm", "diagnostics.uploadBytes"),
    *("extra.add", "extra.nothing"),
}
MEDIA = [
    *("application/json", "application/JSON;charset=utf-8", "application/json ; x", "text/plain"),
    *("application/jsonp", "application/octet-stream", "multipart/form-data", "", None),
    *("multipart/form-data; boundary=X", 'Multipart/Form-Data;boundary="X"'),
]
PART = b'--X\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
FORMS = [
    PART % (b"name", b"", "né".encode()) + b"--X--\r\n",
    PART % (b"name", b"", b"") + PART % (b"file", b'; filename="a%22.txt"', b"1\r\n2") + b"--X--",
    PART % (b"file", b'; filename=""', b"") + b"--X--\r\n",
    (PART % (b"name", b"", b"cut"))[:-4],
    b"--X",
]
ODD_TEXTS = [
    "",
    "{",
    "null x",
    "undefined",
    "[]",
    "null",
    "5",
    '"x"',
    '{"0":',
    "\ufeff{}",
    ' {"1":null} ',
]
EXTRAS = [
    *("x=1", "batch=1", "batch=true", "batch=%31", "Batch=1", "input=", "&", "lastEventId=m1"),
    *("Last-Event-Id=m1", "connectionParams=null", "connectionParams=%7B%22a%22%3A1%7D"),
    *("connectionParams=[", "connectionParams=%7B%22a%22%3A%22b%22%7D"),
]
HEADERS = [
    *(("trpc-accept", "application/jsonl"), ("accept", "text/html, application/jsonl")),
    *(("trpc-accept", ""), ("accept", "text/event-stream"), ("last-event-id", "m1")),
    ("accept", "application/JSONL"),
]


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def raw(self) -> bytes:
        """As it goes over the wire, for one answer on its connection."""
        lines = [b"%b %b HTTP/1.1" % (self.method.encode(), self.target), b"host: x"]
        lines += [b"%b: %b" % pair for pair in self.headers]
        lines.append(b"connection: close")
        if self.method != "GET":
            lines.append(b"content-length: %d" % len(self.body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Mostly plain requests, each with a few oddities at most."""
    often = st.integers(0, 9).map(bool)
    is_batch = draw(st.booleans())
    names = st.sampled_from(list(INPUTS))
    paths = draw(st.lists(names, min_size=1, max_size=11 if draw(st.integers(0, 9)) < 1 else 3))
    paths = paths if is_batch else paths[:1]
    usual = "POST" if paths[0] in MUTATIONS else "GET"
    method = usual if draw(often) else draw(st.sampled_from(["GET", "POST", "PUT", "DELETE"]))
    inputs = {
        str(at): draw(st.sampled_from(INPUTS[path])) for at, path in enumerate(paths) if draw(often)
    }
    plain = json.dumps(inputs if is_batch else inputs.get("0"), ensure_ascii=draw(st.booleans()))
    text = plain if draw(often) else draw(st.sampled_from(ODD_TEXTS))
    query = ["batch=1"] if is_batch else []
    if method == "GET" or not draw(often):
        query.append("input=" + draw(st.sampled_from([quote, quote_plus]))(text))
    query += draw(st.lists(st.sampled_from(EXTRAS), max_size=0 if draw(often) else 2))
    media = MEDIA[0] if draw(often) else draw(st.sampled_from(MEDIA))
    body = text.encode()
    if paths[0] == "diagnostics.uploadForm" and draw(often):
        media, body = MEDIA[-1], draw(st.sampled_from(FORMS))
    if paths[0] == "diagnostics.uploadBytes" and draw(often):
        media = "application/octet-stream"
    headers = [] if media is None else [("content-type", media)]
    headers += draw(st.lists(st.sampled_from(HEADERS), max_size=1))
    path = quote(",".join(paths), safe=draw(st.sampled_from([",.", ".", ","])))
    path += "" if draw(often) else draw(st.sampled_from(["/", "%", "%2F", "%FF", ",", "%2C", "."]))
    return Asked(
        method=method,
        target=f"/trpc/{path}{'?' if query else ''}{'&'.join(query)}".encode(),
        headers=tuple((name.encode(), value.encode()) for name, value in headers),
        body=b"" if method == "GET" else body,
    )
