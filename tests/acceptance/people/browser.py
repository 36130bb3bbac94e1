"""A real browser, driven over its DevTools protocol: opens pages and fills forms in."""

import asyncio
import contextlib
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import requests
import websockets.asyncio.client as ws

from tests.patient import connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--remote-debugging-port=0", "--remote-allow-origins=*", "--window-size=900,900"),
)
_LISTENS = re.compile(r"DevTools listening on ws://([^/]+)/")


class Page:
    """One tab; `problems` are errors and refusals that the browser itself told."""

    def __init__(self, client: ws.ClientConnection) -> None:
        self._client = client
        self._numbers = itertools.count(1)
        self.problems: list[str] = []

    async def ask(self, method: str, **params: Any) -> Any:
        """What the browser answers; what it tells meanwhile is looked through for problems."""
        number = next(self._numbers)
        await self._client.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(await self._client.recv())
            if told.get("id") == number:
                # A page that is left while it is asked gives no result.
                return told.get("result", {})
            self._hear(told)

    async def open(self, url: str) -> None:
        """Goes to an address; returns before the page's script has run."""
        await self.ask("Page.navigate", url=url)

    async def run(self, script: str) -> Any:
        """The value of a script in the page."""
        given = {"expression": script, "awaitPromise": True, "returnByValue": True}
        answer = await self.ask("Runtime.evaluate", **given)
        return answer.get("result", {}).get("value")

    async def until(self, script: str) -> Any:
        """The value of a script once there is one that counts."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(120):
                while (found := await self.run(script)) in (None, False, ""):
                    await self.run("new Promise((done) => setTimeout(done, 20))")
                return found
        seen = await self.run("document.body.innerText")
        raise AssertionError(f"{script} never came true: {seen}")

    async def fill(self, **fields: str) -> None:
        """Writes into fields by their ids, and sends their form, once it can be sent."""
        await self.until("document.querySelector('form.stacked button:enabled') !== null")
        for name, text in fields.items():
            await self.run(f"document.getElementById('{name}').value = {json.dumps(text)}")
        await self.run("document.querySelector('form.stacked button').click()")

    def _hear(self, told: Any) -> None:
        method, params = told.get("method"), told.get("params", {})
        if method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.problems.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
        elif method == "Runtime.exceptionThrown":
            self.problems.append(str(params["exceptionDetails"]))


@contextmanager
def _started(folder: Path) -> Iterator[str]:
    """A new browser that knows nothing; the address of its one tab."""
    command = [str(CHROMIUM), *_FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        where = next(found[1] for line in process.stderr if (found := _LISTENS.search(line)))
        tabs = requests.get(f"http://{where}/json/list", timeout=120).json()
        yield next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
    finally:
        process.terminate()
        process.communicate(timeout=120)


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Page]:
    """A new browser with one tab."""
    with _started(folder) as address:
        async with connect(address, max_size=None, proxy=None) as client:
            page = Page(client)
            for part in ("Page", "Runtime", "Log", "Network"):
                await page.ask(f"{part}.enable")
            yield page
