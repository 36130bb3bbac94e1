"""One door's server: uvicorn on a socket of ours, with signals and logs left to the host."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from manciple.platform.security.headers import for_house
from manciple.services.doors.protocol import DoorProtocol
from manciple.services.doors.tls import tls_of
from manciple.services.doors.upgrade_protocol import UpgradeProtocol
from manciple.services.settings import Settings

# uvicorn says so, as an error, of every WebSocket that we turn away with an HTTP answer, and with a
# traceback whenever a client sends what is no text.
_NO_NEWS = frozenset(
    {
        "ASGI callable returned without completing handshake.",
        "Invalid UTF-8 sequence received from client.",
    }
)

# Dates of answers have seconds.
_DATE_S = 1.0


def _is_news(record: logging.LogRecord) -> bool:
    return record.msg not in _NO_NEWS


class DoorServer(uvicorn.Server):
    """Serves one application until told to stop, at a socket or at one made at a path.

    Sockets speak TLS if the house has a certificate; paths, which never leave the machine, do not.
    """

    def __init__(self, app: ASGIApp, bound: socket.socket | Path, settings: Settings) -> None:
        self._asked_to_stop = asyncio.Event()
        is_private = isinstance(bound, Path)
        self._sockets = None if isinstance(bound, Path) else [bound]
        tls = None if is_private else tls_of(settings.api)
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        super().__init__(
            uvicorn.Config(
                app,
                uds=str(bound) if isinstance(bound, Path) else None,
                ssl_context_factory=None if tls is None else lambda *_: tls,
                http=DoorProtocol,
                ws=UpgradeProtocol,
                loop="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                # A private door speaks with the house, which knows what time it is.
                date_header=not isinstance(bound, Path),
                server_header=False,
                headers=every_answer(settings),
                proxy_headers=False,
                ws_max_size=settings.wire.ws_max_message_bytes,
                # The wire itself asks silent clients for a sign of life.
                ws_ping_interval=None,
                limit_concurrency=settings.api.max_connections,
                backlog=settings.api.backlog,
                timeout_keep_alive=int(settings.api.keep_alive_s),
                timeout_graceful_shutdown=int(settings.api.drain_s),
            )
        )

    async def keep_open(self) -> None:
        """Serves until `stop`; then finishes what is in flight, within the drain time."""
        await self.serve(sockets=self._sockets)

    async def main_loop(self) -> None:
        """Rests until `stop`; once a second the date in answers is put right.

        The library's own loop wakes ten times a second to find that nothing is to be done.
        """
        every_s = _DATE_S if self.config.date_header else None
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(every_s):
                    await self._asked_to_stop.wait()

    @property
    def is_listening(self) -> bool:
        """Whether new connections are taken."""
        return any(server.is_serving() for server in getattr(self, "servers", ()))

    def stop_listening(self) -> None:
        """Takes no new connection; those that are open go on."""
        for server in getattr(self, "servers", ()):
            server.close()

    def stop(self) -> None:
        """Begins the end: idle connections close, calls in flight finish."""
        self.should_exit = True
        self._asked_to_stop.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals to the host, which has two servers to stop."""
        yield


def every_answer(settings: Settings) -> list[tuple[str, str]]:
    """The headers of every answer of this house."""
    headers = for_house(behind_tls=settings.base_url.startswith("https://"))
    return [(name.decode(), value.decode()) for name, value in headers]
