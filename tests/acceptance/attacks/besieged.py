"""A house in processes with three people in it, for those who attack its doors."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from manciple.services.key_file import key_ring
from tests.acceptance.attacks.canaries import Canaries
from tests.acceptance.product import KIND, Product, started
from tests.asking import _empty_shelf

PASSWORDS = {
    "ann@example.org": "tango lamp river",
    "bob@example.org": "mellow quartz boat",
    "eve@example.org": "crooked fern dial",
}


# What is secret of each house, by its address; none of it may stand in its log in the end.
CANARIES: defaultdict[str, Canaries] = defaultdict(Canaries)


@dataclass
class Client:
    """Somebody with a program of their own: what is sent is exactly what is said here."""

    base: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, wanted: Any = None, **headers: str) -> requests.Response:
        """A query."""
        given = {} if wanted is None else {"input": json.dumps(wanted)}
        answer = requests.get(
            f"{self.base}/trpc/{path}",
            params=given,
            headers={**self.headers, **named(headers)},
            timeout=120,
        )
        CANARIES[self.base].watch(wanted, answer)
        return answer

    def do(self, path: str, wanted: Any = None, **headers: str) -> requests.Response:
        """A mutation."""
        answer = requests.post(
            f"{self.base}/trpc/{path}",
            data=json.dumps({} if wanted is None else wanted),
            headers={"content-type": "application/json", **self.headers, **named(headers)},
            timeout=120,
        )
        CANARIES[self.base].watch(wanted, answer)
        return answer


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

    product: Product
    folder: Path
    entrances: dict[str, Any] = field(default_factory=dict)

    @property
    def api(self) -> str:
        return self.product.api

    @property
    def websocket(self) -> str:
        return self.product.websocket

    @property
    def setup_code(self) -> str:
        return self.product.setup_code

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

    @property
    def secrets(self) -> Canaries:
        """What was secret in all that was said to this house and by it."""
        found = CANARIES[self.api]
        found.add(self.setup_code, *PASSWORDS.values())
        for each in self.keys._by_kid.values():
            found.add(each.secret.hex(), base64.b64encode(each.secret).decode())
        return found


@contextmanager
def besieged(
    folder: Path,
    *settings: str,
    environ: Mapping[str, str] | None = None,
    kind: str = KIND,
    database: Path | None = None,
) -> Iterator[House]:
    """A house on free ports with an empty shelf; strangers may ask a million times.

    With a `database` it is one that was there before.

    When it has ended, none of its secrets may stand in its log, which is as chatty as can be.
    """
    if database is None:
        database = folder / "x.db"
        database.write_bytes(_empty_shelf())
    chosen = [
        *("security.anonymous_limit=1000000", "security.registration=open", "log.level=debug"),
        # Who came in with the first test is still there with the last, however slow the machine.
        "security.access_token_s=86400",
        *settings,
    ]
    with started(database, *chosen, environ=environ, kind=kind) as product:
        house = House(product, folder)
        yield house
    leaked = house.secrets.leaked_into(product.log())
    if leaked:
        raise AssertionError(f"secrets in the logs in {folder}: {leaked}")


def populate(house: House) -> None:
    """Sets Ann up with the code of the terminal, and lets Bob and Eve register themselves."""
    ann = {"email": "ann@example.org", "password": PASSWORDS["ann@example.org"]}
    wanted = {"code": house.setup_code, "displayName": "Ann", **ann}
    house.entrances["ann"] = data(house.stranger.do("auth.setup", wanted))
    for who in ("bob", "eve"):
        email = f"{who}@example.org"
        wanted = {"email": email, "password": PASSWORDS[email], "displayName": who.title()}
        house.entrances[who] = data(house.stranger.do("auth.register", wanted))
