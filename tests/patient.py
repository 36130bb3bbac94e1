"""Clients that wait as long as a slow machine takes; how long is never what a test is about."""

from functools import partial

import httpx2
import websockets.asyncio.client as ws

WAIT_S = 120.0
connect = partial(ws.connect, open_timeout=WAIT_S, ping_timeout=WAIT_S)
AsyncClient = partial(httpx2.AsyncClient, timeout=WAIT_S)
