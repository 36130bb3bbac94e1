"""Calls a procedure of a running server over HTTP, as any client would."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from manciple.kit.errors import InvalidInput, MancipleError, Upstream
from manciple.platform.rpc.answers import Told, read_answer, sentence
from manciple.platform.rpc.procedure import Kind

# A cold search on a small machine takes a second; a stream says something at least every 10 s.
_TIMEOUT_S = 30.0


class RemoteError(MancipleError):
    """The server refused; `status` is the one of HTTP."""

    def __init__(self, code: str, status: int, message: str) -> None:
        self.code = code
        self.status = status
        super().__init__(f"{message} ({code})")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: `url` is where its procedures are, with or without `/trpc`."""

    url: str

    def kinds(self) -> dict[str, Kind]:
        """Every procedure that the server has, and how it is asked.

        Raises:
            Upstream: nobody answers there, or not in our words.
        """
        try:
            with self._fetch(f"{self._root()}/openapi.json") as response:
                paths = json.load(response)["paths"].values()
            operations = [operation for methods in paths for operation in methods.values()]
            return {each["operationId"]: Kind(each["x-kind"]) for each in operations}
        except (OSError, HTTPException) as error:
            raise Upstream(self.url, str(error)) from error
        except (ValueError, KeyError, AttributeError) as error:
            raise Upstream(self.url, "there is no document of procedures") from error

    def ask(self, path: str, kind: Kind, text: str | None) -> bytes | None:
        """The output of a query or mutation as JSON text; None where it gives nothing.

        Raises:
            RemoteError: the server refused.
            Upstream: nobody answers there, or not in our words.
        """
        try:
            with self._open(path, kind, text) as response:
                body = response.read()
        except urllib.error.HTTPError as error:
            body = error.read()
        except (OSError, HTTPException) as error:
            raise Upstream(self.url, str(error)) from error
        return self._data(body)

    def follow(self, path: str, text: str | None) -> Iterator[bytes]:
        """The items of a subscription as JSON texts, until the server ends it.

        Raises:
            RemoteError: the subscription failed.
            Upstream: nobody answers there.
        """
        try:
            with self._open(path, Kind.SUBSCRIPTION, text) as response:
                for event in _events(response):
                    if event.get("event") == "serialized-error":
                        raise _refusal(msgspec.json.decode(event["data"], type=Told))
                    if event.get("event") == "return":
                        return
                    if "event" not in event and "data" in event:
                        yield event["data"].encode()
        except urllib.error.HTTPError as error:
            self._data(error.read())
        except (OSError, HTTPException) as error:
            raise Upstream(self.url, str(error)) from error

    def _open(self, path: str, kind: Kind, text: str | None) -> Any:
        where = f"{self._root()}/{self._wire()}/{path}"
        if kind is Kind.MUTATION:
            return self._fetch(where, (text or "").encode())
        return self._fetch(where + (f"?input={quote(text, safe='')}" if text else ""))

    def _fetch(self, where: str, body: bytes | None = None) -> Any:
        if urlsplit(where).scheme not in {"http", "https"}:
            raise InvalidInput.at("--url", "must begin with http:// or https://")
        headers = {} if body is None else {"content-type": "application/json"}
        request = urllib.request.Request(where, body, headers)  # noqa: S310 - checked above
        return urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310 - checked above

    def _root(self) -> str:
        """The door's address without the path of the wire, if the address has one."""
        whole = self.url.rstrip("/")
        return whole.rpartition("/")[0] if urlsplit(whole).path else whole

    def _wire(self) -> str:
        return urlsplit(self.url.rstrip("/")).path.rpartition("/")[2] or "trpc"

    def _data(self, body: bytes) -> bytes | None:
        try:
            answer = read_answer(body)
        except ValueError as error:
            raise Upstream(self.url, str(error)) from error
        if isinstance(answer, Told):
            raise _refusal(answer)
        return answer


def _refusal(told: Told) -> RemoteError:
    return RemoteError(told.data.code, told.data.http_status, sentence(told))


def _events(lines: Iterator[bytes]) -> Iterator[dict[str, str]]:
    """Server-sent events as dictionaries of their fields; ours have one line for each."""
    event: dict[str, str] = {}
    for line in lines:
        text = line.decode().rstrip("\r\n")
        if not text:
            if event:
                yield event
            event = {}
        elif not text.startswith(":"):
            name, _, value = text.partition(":")
            event[name] = value.removeprefix(" ")
