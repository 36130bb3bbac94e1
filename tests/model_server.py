"""A local server that speaks Ollama's and OpenAI's APIs, and answers well, badly or never."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

FRAME = '{"intents":["price_check"],"entities":[{"type":"product","text":"milk"}]}'


class ModelServer:
    """What it says next, what it takes, and what it was asked."""

    def __init__(self) -> None:
        self.says = FRAME
        self.takes = {"schema", "object", "prompt"}
        self.refuses_with = 400
        self.mood = "well"
        self.asked: list[dict[str, Any]] = []

    async def chat(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        if self.mood == "hangs":
            await asyncio.sleep(30)
        if self.mood == "endless":
            return StreamingResponse(self._endless(), media_type="application/json")
        if self.mood == "broken":
            return Response(b'{"message": {"content": "{')
        if self.mood == "down":
            return JSONResponse({"error": "out of memory"}, status_code=503)
        if _way(body) not in self.takes:
            return JSONResponse({"error": "unsupported format"}, status_code=self.refuses_with)
        if request.url.path == "/api/chat":
            return JSONResponse({"message": {"role": "assistant", "content": self.says}})
        return JSONResponse({"choices": [{"message": {"role": "assistant", "content": self.says}}]})

    async def _endless(self) -> AsyncIterator[bytes]:
        yield b'{"message": {"content": "'
        for _ in range(10_000):
            yield b"and so on " * 100


def _way(body: dict[str, Any]) -> str:
    asked = body.get("format") or body.get("response_format", {}).get("type")
    if asked is None:
        return "prompt"
    return "object" if asked in ("json", "json_object") else "schema"


@asynccontextmanager
async def a_model_server() -> AsyncIterator[tuple[ModelServer, int]]:
    """A running server, and its port."""
    server = ModelServer()
    paths = ("/api/chat", "/v1/chat/completions")
    app = Starlette(routes=[Route(path, server.chat, methods=["POST"]) for path in paths])
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        running = uvicorn.Server(config)
        serving = asyncio.create_task(running.serve(sockets=[bound]))
        while not running.started:  # noqa: ASYNC110 - uvicorn rings no bell
            await asyncio.sleep(0.01)
        try:
            yield server, bound.getsockname()[1]
        finally:
            running.should_exit = True
            await serving
