"""A house as a process with three people in it, for those who attack its doors."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from manciple.services.key_file import key_ring
from tests.asking import _empty_shelf

PASSWORDS = {
    "ann@example.org": "tango lamp river",
    "bob@example.org": "mellow quartz boat",
    "eve@example.org": "crooked fern dial",
}


@dataclass
class Client:
    """Somebody with a program of their own: what is sent is exactly what is said here."""

    base: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, wanted: Any = None, **headers: str) -> requests.Response:
        """A query."""
        given = {} if wanted is None else {"input": json.dumps(wanted)}
        return requests.get(
            f"{self.base}/trpc/{path}",
            params=given,
            headers={**self.headers, **named(headers)},
            timeout=20,
        )

    def do(self, path: str, wanted: Any = None, **headers: str) -> requests.Response:
        """A mutation."""
        return requests.post(
            f"{self.base}/trpc/{path}",
            data=json.dumps({} if wanted is None else wanted),
            headers={"content-type": "application/json", **self.headers, **named(headers)},
            timeout=20,
        )


def named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in headers.items()}


def code(answer: requests.Response) -> str:
    """The code of an error, or OK."""
    body = answer.json()
    return str(body["error"]["data"]["code"]) if "error" in body else "OK"


def data(answer: requests.Response) -> Any:
    body = answer.json()
    assert "result" in body, body
    return body["result"]["data"]


@dataclass
class House:
    """A running house and its people: Ann owns it, Bob and Eve each live by themselves."""

    api: str
    websocket: str
    folder: Path
    log: Path
    entrances: dict[str, Any] = field(default_factory=dict)

    @property
    def stranger(self) -> Client:
        return Client(self.api)

    def fresh(self, who: str) -> Any:
        """A new session of somebody."""
        wanted = {"email": f"{who}@example.org", "password": PASSWORDS[f"{who}@example.org"]}
        return data(self.stranger.do("auth.signIn", wanted))

    def as_(self, who: str) -> Client:
        if who not in self.entrances:
            self.entrances[who] = self.fresh(who)
        return Client(self.api, {"authorization": f"Bearer {self.entrances[who]['accessToken']}"})

    @property
    def keys(self) -> Any:
        return key_ring(self.folder / "x.db", given=None)


@contextmanager
def besieged(folder: Path, *settings: str) -> Iterator[House]:
    """A house on free ports with an empty shelf; strangers may ask a million times."""
    database = folder / "x.db"
    database.write_bytes(_empty_shelf())
    chosen = ["security.anonymous_limit=1000000", "security.registration=open", *settings]
    log = folder / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "manciple", "--db", str(database)),
                *(part for setting in chosen for part in ("--set", setting)),
                *("serve", "--port", "0", "--ws-port", "0"),
            ],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=folder,
        )
    said: dict[str, str] = {}
    assert process.stdout is not None
    for line in process.stdout:
        word, _, rest = line.strip().partition(" ")
        said[word] = rest.strip()
        if word == "Ctrl-C":
            break
    try:
        assert "page" in said, log.read_text()
        yield House(said["page"].rstrip("/"), said["WebSocket"], folder, log)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def populate(house: House) -> None:
    """Sets Ann up with the code of the terminal, and lets Bob and Eve register themselves."""
    ann = {"email": "ann@example.org", "password": PASSWORDS["ann@example.org"]}
    setup_code = house.keys.derived("setup").hex()[:32]
    wanted = {"code": setup_code, "displayName": "Ann", **ann}
    house.entrances["ann"] = data(house.stranger.do("auth.setup", wanted))
    for who in ("bob", "eve"):
        email = f"{who}@example.org"
        wanted = {"email": email, "password": PASSWORDS[email], "displayName": who.title()}
        house.entrances[who] = data(house.stranger.do("auth.register", wanted))
