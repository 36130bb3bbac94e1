"""Sends what comes through a door to the wire or to the plain paths."""

from starlette.types import ASGIApp, Receive, Scope, Send

from manciple.services.problems import problem


class Doorway:
    """An ASGI application: `base_path` and all below it is the wire's, the rest is plain."""

    def __init__(self, base_path: str, *, wire: ASGIApp, plain: ASGIApp) -> None:
        self._base = base_path
        self._below = f"{base_path}/"
        self._wire = wire
        self._plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith(self._below) or path == self._base:
            await self._wire(scope, receive, send)
        elif scope["type"] == "http":
            await self._plain(scope, receive, send)
        else:
            await refuse_socket(scope, receive, send)


async def refuse_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Turns a WebSocket away with 404, as any other unknown path."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = problem(404, detail=f"No such path: {scope['path']}")
    headers = answer.raw_headers
    await send(
        {"type": "websocket.http.response.start", "status": answer.status_code, "headers": headers}
    )
    await send({"type": "websocket.http.response.body", "body": bytes(answer.body)})
