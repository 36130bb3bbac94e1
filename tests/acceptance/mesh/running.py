"""`manciple up` as processes, and clients that ask it without a pause."""

import asyncio
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from manciple.kit.errors import Unavailable
from manciple.platform.mesh.control import Control
from manciple.platform.mesh.fleet import Phase
from manciple.platform.mesh.orders import InstanceStatus, MeshStatus
from manciple.platform.mesh.run_directory import RunDirectory

SECTIONS = ("api", "websocket", "pricing", "nlp_queue", "cache_warmer", "memory_monitor")
API = "walmart-api-server"
SEARCH = "/trpc/walmartGrocery.search"
# Orders that wait until they are done.
PATIENT = frozenset({"scale", "drain", "restart", "down"})
MILK = {"input": '{"query":"milk"}'}


class Mesh:
    """A mesh over a database in `folder`, on free ports; `options` are those of the program.

    `environ` is added to what its processes find there.
    """

    def __init__(
        self, folder: Path, *options: str, environ: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self._environ = {**os.environ, **(environ or {})}
        self.run = RunDirectory(folder / "x.db")
        ports = [part for name in SECTIONS for part in ("--set", f"{name}.port=0")]
        self._program = [sys.executable, "-m", "manciple", "--db", str(folder / "x.db")]
        self._program += [*ports, *options]

    def call(self, *words: str, within_s: float = 300) -> "subprocess.CompletedProcess[str]":
        """One command, ended; those that wait for something do so for long."""
        more = ("--wait", "240") if words[0] in PATIENT else ()
        return subprocess.run(
            [*self._program, *words, *more],
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
            cwd=self.folder,
            env=self._environ,
        )

    def keep_small(self) -> None:
        """The load of the clients here is no reason for another API server from now on."""
        kept = self.call("scale", "api-server", "1")
        assert kept.returncode == 0, kept.stderr

    def up(self) -> MeshStatus:
        """Starts it, or takes over what a dead supervisor left; all are ready afterwards."""
        ended = self.call("up", "--daemon", "--wait", "240", "--json")
        assert ended.returncode == 0, ended.stderr + self.logs()
        return self.status()

    def status(self) -> MeshStatus:
        return asyncio.run(Control(self.run.control, answer_s=120).status())

    def until(self, claim: Callable[[MeshStatus], bool], within_s: float = 300) -> MeshStatus:
        """The first status in which the claim holds."""
        until_s = time.monotonic() + within_s
        while time.monotonic() < until_s:
            try:
                status = self.status()
            except Unavailable:
                pause()
                continue
            if claim(status):
                return status
            pause()
        raise AssertionError(self.call("status").stdout + self.logs())

    def url(self, service: str = API) -> str:
        return f"http://127.0.0.1:{self.status().service(service).port}"

    def logs(self) -> str:
        return "".join(path.read_text()[-4000:] for path in sorted(self.run.logs.glob("*.log")))

    def left(self) -> list[str]:
        """Processes that name this folder: after the end there are none."""
        found = []
        for each in Path("/proc").glob("[0-9]*"):
            try:
                line = (each / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(self.folder) in line and int(each.name) != os.getpid():
                found.append(line.replace("\0", " "))
        return found


def pause(seconds: float = 0.02) -> None:
    """A short rest between two looks at other processes."""
    select.select((), (), (), seconds)


def ready(status: MeshStatus, service: str = API) -> list[InstanceStatus]:
    return [one for one in status.service(service).instances if one.entry.phase is Phase.READY]


def ids(status: MeshStatus, service: str = API) -> set[str]:
    return {one.entry.id for one in ready(status, service)}


def is_well(status: MeshStatus) -> bool:
    """Whether everything is as it is wanted."""
    return all(
        len(ready(status, one.name)) == len(one.instances) == one.wanted for one in status.services
    )


class Clients:
    """Threads that ask without a pause, each over a connection that it keeps.

    Those that write make at most `lists` lists each: a person may have 200 in all, and the tests
    of one mesh, four at most, write as one person.
    """

    def __init__(self, url: str, *, asking: int = 3, writing: int = 1, lists: int = 45) -> None:
        self.url = url
        self._lists = lists
        self.answers: Counter[str] = Counter()
        self.acknowledged: set[str] = set()
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(asking)]
        self._threads += [threading.Thread(target=self._write) for _ in range(writing)]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        for each in self._threads:
            each.start()
        try:
            self.wait_for(20)
            yield
            self.wait_for(20)
        finally:
            self._is_over.set()
            for each in self._threads:
                each.join(timeout=120)

    def wait_for(self, more: int) -> None:
        """Returns when so many more answers have come."""
        wanted = self.answers.total() + more
        until_s = time.monotonic() + 300
        while self.answers.total() < wanted:
            assert time.monotonic() < until_s, dict(self.answers)
            pause()

    def _ask(self) -> None:
        with requests.Session() as session:
            while not self._is_over.is_set():
                self._count(lambda: session.get(self.url + SEARCH, params=MILK, timeout=120))

    def _write(self) -> None:
        with requests.Session() as session:
            for number in range(self._lists):
                if self._is_over.is_set():
                    return
                self._make_list(session, f"List {threading.get_ident()} {number}")
                pause(0.1)

    def _make_list(self, session: requests.Session, name: str) -> None:
        url = f"{self.url}/trpc/walmartGrocery.createList"
        answer = self._count(lambda: session.post(url, json={"name": name}, timeout=120))
        if answer is not None and answer.ok:
            self.acknowledged.add(answer.json()["result"]["data"]["list"]["id"])

    def _count(self, ask: Callable[[], requests.Response]) -> requests.Response | None:
        try:
            answer = ask()
        except requests.RequestException as error:
            self.answers[type(error).__name__] += 1
            return None
        self.answers[str(answer.status_code)] += 1
        return answer


def kept_lists(url: str) -> set[str]:
    """The ids of all lists that are kept."""
    found: set[str] = set()
    page: dict[str, Any] = {"nextCursor": None}
    while True:
        given = json.dumps({"limit": 100, "cursor": page["nextCursor"]})
        path = "/trpc/walmartGrocery.getLists"
        answer = requests.get(url + path, params={"input": given}, timeout=120)
        page = answer.json()["result"]["data"]
        found |= {one["id"] for one in page["lists"]}
        if page["nextCursor"] is None:
            return found


def said(ended: "subprocess.CompletedProcess[str]") -> Any:
    """What a command printed as JSON."""
    return json.loads(ended.stdout)
