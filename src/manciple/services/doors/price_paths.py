"""`/api/prices`: a product's price by plain HTTP, as the specification's example asks for it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from manciple.kit.errors import MancipleError
from manciple.platform.rpc.bound import Bound
from manciple.platform.rpc.codes import fault_of
from manciple.platform.rpc.issues import BadInput
from manciple.platform.rpc.procedure import Caller
from manciple.platform.rpc.wire import ENCODER
from manciple.platform.security.visits import Visit
from manciple.services.gate import VISIT
from manciple.services.house import House
from manciple.services.problems import problem

_MAX_BODY_BYTES = 10_000


class PricePaths:
    """The paths; what they answer is what `walmartPrice.current` does."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._current = Bound(house.table["walmartPrice.current"])

    def routes(self) -> list[Route]:
        """`GET ?productId=…` and `POST {"productId": "…"}`."""
        return [Route("/api/prices", self.show, methods=["GET", "POST"])]

    async def show(self, request: Request) -> Response:
        """The price of one product."""
        visit = request.scope.get(VISIT)
        if not isinstance(visit, Visit):
            return problem(401, detail="Sign in first")
        wanted = ENCODER.encode(dict(request.query_params))
        if request.method == "POST":
            wanted = await _body(request)
            if len(wanted) > _MAX_BODY_BYTES:
                return problem(413, detail=f"larger than {_MAX_BODY_BYTES} bytes")
        context = self._house.context_of(visit.principal, Caller(), visit=visit)
        try:
            answer = await self._current.answer(context, lambda: wanted)
        except BadInput as error:
            return problem(400, detail=_first(error))
        except MancipleError as error:
            fault = fault_of(error)
            if fault is None:
                raise
            return problem(fault.code.status, detail=fault.message, wait_s=fault.wait_s)
        return Response(answer, media_type="application/json")


async def _body(request: Request) -> bytes:
    """The body, or a little more than is taken of a longer one."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_BODY_BYTES:
            break
    return body


def _first(error: BadInput) -> str:
    issue = error.issues[0]
    where = ".".join(str(step) for step in issue.get("path", ())) or "the input"
    return f"{where}: {issue['message']}"
