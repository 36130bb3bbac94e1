"""The small table as tools, at the door of models; and how tests speak to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from manciple.kit.clock import SystemClock
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.mcp import About
from manciple.platform.rpc.mcp_door import McpDoor
from manciple.platform.rpc.procedure import ContextMaker, Kind, Procedure
from manciple.platform.rpc.router import Router, Table
from manciple.platform.rpc.settings import WireSettings
from manciple.platform.security.permissions import Principal
from tests.unit.platform.rpc.asgi import JSON, Reply, ask
from tests.unit.platform.rpc.small_door import Watcher, make_context, router

odd = Router("odd")


@odd.mutation("crash", needs="public")
async def crash(_: Principal) -> int:
    """Nothing, for it fails."""
    raise RuntimeError("secret")


SMALL = WireSettings(max_body_bytes=2000, max_json_depth=10)
ABOUT = About(name="small", title="Small", version="1", instructions="Be kind.")


def as_tools(table: Table) -> Table:
    """The same table, whatever can be a tool being one."""

    def change(one: Procedure) -> Procedure:
        is_plain = one.kind is not Kind.SUBSCRIPTION and one.input not in {Form, ByteStream}
        return replace(one, is_tool=is_plain and one.output is not object)

    return table.changed(change)


def model_door(
    table: Mapping[str, Procedure] | None = None,
    *,
    settings: WireSettings = SMALL,
    context: ContextMaker = make_context,
    watcher: Watcher | None = None,
    state: DoorState | None = None,
) -> McpDoor:
    return McpDoor(
        as_tools(Table(router, odd)) if table is None else table,
        context,
        about=ABOUT,
        settings=settings,
        observer=watcher or Watcher(),
        state=state or DoorState(),
        clock=SystemClock(),
    )


def message(method: str, params: Any = None, **more: Any) -> bytes:
    """A request with the id 1."""
    whole = {"jsonrpc": "2.0", "id": 1, "method": method, **more}
    return msgspec.json.encode(whole if params is None else {**whole, "params": params})


async def send(door: McpDoor, body: bytes, *headers: tuple[bytes, bytes]) -> Reply:
    return await ask(door, "POST", b"/mcp", body=body, headers=(JSON, *headers))


async def result(door: McpDoor, method: str, params: Any = None) -> Any:
    """The result of a request that goes well."""
    reply = await send(door, message(method, params))
    assert reply.status == 200, reply.body
    answer = reply.json()
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", 1)
    return answer["result"]


async def called(door: McpDoor, name: str, arguments: Any = None) -> Any:
    """The result of a call of a tool."""
    given = {} if arguments is None else {"arguments": arguments}
    return await result(door, "tools/call", {"name": name, **given})
