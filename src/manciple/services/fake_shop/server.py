"""The fake shop over HTTP: every face of it, and the faults before them all."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput
from manciple.services.fake_shop import affiliate, pages
from manciple.services.fake_shop.brightdata import DATASET, MAX_URLS, Datasets
from manciple.services.fake_shop.faults import Fault, Schedule
from manciple.services.fake_shop.market import Market
from manciple.services.fake_shop.orders import order, order_ids

_SLOW_S = 2.0
_RETRY_AFTER_S = 1
_MAX_BODY_BYTES = 1 << 20

Answer = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True, kw_only=True)
class FakeShop:
    """The shop with everything that decides its answers.

    `key` checks the affiliate API's signatures; without one that face is closed. `pace` is how
    many times faster than usual its jobs are. `log` has every path asked, the newest 1,000.
    """

    market: Market
    clock: Clock
    api_key: str = "fake-key"
    key: RSAPublicKey | None = None
    faults: Schedule = field(default_factory=Schedule)
    pace: float = 1.0
    layout: pages.Layout | None = None
    log: list[str] = field(default_factory=list)
    datasets: Datasets = field(init=False)

    def __post_init__(self) -> None:
        self.datasets = Datasets(self.market, pace=self.pace)

    def app(self) -> Starlette:
        """The shop as an ASGI application."""
        paths: list[tuple[str, str, Answer]] = [
            ("GET", "/search", self.search),
            ("GET", "/ip/{rest:path}", self.product),
            ("GET", "/orders", self.orders),
            ("GET", "/orders/{order_id}", self.one_order),
            ("POST", "/datasets/v3/trigger", self.trigger),
            ("POST", "/datasets/v3/scrape", self.scrape),
            ("GET", "/datasets/v3/progress/{snapshot_id}", self.progress),
            ("GET", "/datasets/v3/snapshot/{snapshot_id}", self.snapshot),
            ("POST", "/datasets/v3/snapshot/{snapshot_id}/cancel", self.cancel),
            ("POST", "/request", self.unlock),
            ("GET", "/api-proxy/service/affil/product/v2/search", self.affiliate_search),
            ("GET", "/api-proxy/service/affil/product/v2/items", self.affiliate_items),
        ]
        routes = [Route(path, self._faulty(face), methods=[method]) for method, path, face in paths]
        routes.append(Route("/_faults", self.set_faults, methods=["POST"]))
        return Starlette(routes=routes)

    async def set_faults(self, request: Request) -> Response:
        """Changes the schedule: the body is one, as on the command line."""
        try:
            self.faults = Schedule.read((await request.body())[:1000].decode("ascii", "replace"))
        except InvalidInput as error:
            return _json({"error": str(error)}, status=400)
        return Response(status_code=204)

    async def search(self, request: Request) -> Response:
        """A search page; its layout is the shop's mood unless one is set."""
        words = request.query_params.get("q", "")
        layouts = tuple(pages.Layout)
        mood = layouts[int(self.market.chance("layout", words) * len(layouts))]
        return _html(
            pages.search_page(self.market, words, at=self.clock.now(), layout=self.layout or mood)
        )

    async def product(self, request: Request) -> Response:
        """A product's page."""
        product_id = request.path_params["rest"].rstrip("/").rpartition("/")[2]
        offer = self.market.offer(product_id, self.clock.now())
        if offer is None:
            return Response(b"<html><body>Page not found</body></html>", status_code=404)
        return _html(pages.product_page(offer))

    async def orders(self, request: Request) -> Response:
        """The list of the account's orders."""
        del request
        return _html(pages.order_page([order(self.market, id_) for id_ in order_ids(self.market)]))

    async def one_order(self, request: Request) -> Response:
        """One order with its prices."""
        order_id = request.path_params["order_id"]
        if order_id not in order_ids(self.market):
            return Response(status_code=404)
        return _html(pages.order_page([order(self.market, order_id)]))

    async def trigger(self, request: Request) -> Response:
        """Begins a job."""
        asked = request.query_params
        inputs = await _inputs(request)
        problem = self._problem(request) or _input_problem(inputs, asked.get("dataset_id"))
        if problem:
            return problem
        now, most = self.clock.now(), min(int(asked.get("limit_per_input", "20")), 200)
        records = []
        for one in inputs:
            if "keyword" in one:
                records += self.datasets.by_keyword(str(one["keyword"]), at=now, most=most)
            else:
                records.append(self.datasets.by_url(str(one.get("url", "")), now))
        return _json({"snapshot_id": self.datasets.trigger(records, now)})

    async def scrape(self, request: Request) -> Response:
        """Records at once; many addresses take longer than that."""
        inputs = await _inputs(request)
        problem = self._problem(request) or _input_problem(
            inputs, request.query_params.get("dataset_id")
        )
        if problem:
            return problem
        if len(inputs) > MAX_URLS:
            return _json(
                {"error": f"more than {MAX_URLS} inputs", "code": "validation"}, status=400
            )
        now = self.clock.now()
        records = [self.datasets.by_url(str(one.get("url", "")), now) for one in inputs]
        if len(inputs) <= MAX_URLS // 2:
            return _json(records)
        waiting = {"snapshot_id": self.datasets.trigger(records, now), "message": "in progress"}
        return _json(waiting, status=202, headers={"retry-after": "1"})

    async def progress(self, request: Request) -> Response:
        """How a job does."""
        snapshot_id = request.path_params["snapshot_id"]
        status = self.datasets.status(snapshot_id, self.clock.now())
        if problem := self._problem(request):
            return problem
        if status is None:
            return _json({"error": "Snapshot does not exist"}, status=404)
        return _json({"snapshot_id": snapshot_id, "dataset_id": DATASET, "status": status})

    async def snapshot(self, request: Request) -> Response:
        """What a job yields, or that it is not ready, which may still be so after it was said."""
        snapshot_id = request.path_params["snapshot_id"]
        if problem := self._problem(request):
            return problem
        if self.datasets.status(snapshot_id, self.clock.now()) is None:
            return _json({"error": "Snapshot does not exist"}, status=404)
        records = self.datasets.records(snapshot_id, self.clock.now())
        if records is None:
            waiting = {"status": "building", "message": "Snapshot is not ready yet"}
            return _json(waiting, status=202)
        return _json(records)

    async def cancel(self, request: Request) -> Response:
        """Ends a job."""
        if problem := self._problem(request):
            return problem
        is_known = self.datasets.cancel(request.path_params["snapshot_id"])
        return _json("OK" if is_known else {"error": "not found"}, status=200 if is_known else 404)

    async def unlock(self, request: Request) -> Response:
        """A page of the shop through the unlocker: the truth is in headers of its own."""
        if problem := self._problem(request):
            return problem
        asked = msgspec.json.decode(await request.body(), type=dict[str, Any])
        url = urlsplit(str(asked.get("url", "")))
        if not asked.get("zone"):
            return _json({"error": "unknown zone"}, status=400)
        words = parse_qs(url.query).get("q", [""])[0]
        product_id = url.path.rstrip("/").rpartition("/")[2]
        offer = self.market.offer(product_id, self.clock.now())
        if url.path.startswith("/search"):
            layout = self.layout or pages.Layout.PRICE_LINES
            body = pages.search_page(self.market, words, at=self.clock.now(), layout=layout)
        elif offer is not None:
            body = pages.product_page(offer)
        else:
            return Response(headers={"x-brd-error-code": "dead_page", "x-brd-status-code": "404"})
        return _html(body, headers={"x-brd-status-code": "200"})

    async def affiliate_search(self, request: Request) -> Response:
        """A page of the affiliate search."""
        if problem := self._unsigned(request):
            return problem
        asked = request.query_params
        start, most = int(asked.get("start", "1")), int(asked.get("numItems", "10"))
        if not 1 <= most <= affiliate.MAX_ITEMS or start < 1 or not asked.get("query"):
            return _json({"errors": [{"code": 4000, "message": "Invalid request"}]}, status=400)
        now = self.clock.now()
        return _json(affiliate.search(self.market, asked["query"], start=start, most=most, at=now))

    async def affiliate_items(self, request: Request) -> Response:
        """Items by their ids."""
        if problem := self._unsigned(request):
            return problem
        ids = request.query_params.get("ids", "").split(",")
        if not 1 <= len(ids) <= affiliate.MAX_IDS:
            return _json({"errors": [{"code": 4002, "message": "Invalid itemId"}]}, status=400)
        return _json(affiliate.items(self.market, ids, self.clock.now()))

    def _problem(self, request: Request) -> Response | None:
        """The refusal of a wrong key."""
        if request.headers.get("authorization") == f"Bearer {self.api_key}":
            return None
        return _json({"error": "Invalid token"}, status=401)

    def _unsigned(self, request: Request) -> Response | None:
        if self.key is None:
            return _json({"errors": [{"message": "no key is set"}]}, status=401)
        why = affiliate.refusal(request.headers, self.key, self.clock.now())
        return _json({"errors": [{"message": why}]}, status=401) if why else None

    def _faulty(self, face: Answer) -> Answer:
        """The same face with the schedule's next fault before it."""

        async def answer(request: Request) -> Response:
            self.log = [*self.log[-999:], request.url.path]
            fault = self.faults.next()
            if fault is Fault.TOO_MANY:
                waits = {"retry-after": str(_RETRY_AFTER_S)}
                return _json({"error": "too many running jobs"}, status=429, headers=waits)
            if fault in (Fault.FAILS, Fault.DOWN):
                return Response(b"<html>oops</html>", status_code=int(fault.value))
            if fault is Fault.BOT_WALL:
                return _html(pages.bot_wall())
            if fault is Fault.SLOW:
                await self.clock.sleep(_SLOW_S)
            whole = await face(request)
            return _spoiled(whole, fault)

        return answer


class _BrokenOff(Response):
    """Promises more than it sends, so that the connection breaks off."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the head and a part of the body."""
        del scope, receive
        headers = [(b"content-length", str(len(self.body) + 1000).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[:10], "more_body": True})
        raise ConnectionResetError


def _spoiled(whole: Response, fault: Fault) -> Response:
    body = bytes(whole.body)
    if fault is Fault.RESET:
        return _BrokenOff(body)
    if fault is Fault.TRUNCATED:
        return Response(body[: len(body) // 2], status_code=whole.status_code)
    if fault is Fault.DRIFT:
        drifted = body.replace(b'"priceInfo"', b'"pricing"').replace(b'"final_price"', b'"cost"')
        return Response(drifted.replace(b'"salePrice"', b'"now"'), status_code=whole.status_code)
    return whole


async def _inputs(request: Request) -> list[dict[str, Any]]:
    body = await request.body()
    try:
        asked = msgspec.json.decode(body) if len(body) <= _MAX_BODY_BYTES else None
    except msgspec.DecodeError:
        return []
    inputs = asked.get("input") if isinstance(asked, dict) else asked
    return [one for one in inputs if isinstance(one, dict)] if isinstance(inputs, list) else []


def _input_problem(inputs: list[dict[str, Any]], dataset: str | None) -> Response | None:
    if dataset == DATASET and inputs:
        return None
    field_name = "input" if dataset == DATASET else "dataset_id"
    refused = {"error": "Validation failed", "code": "validation", "errors": [[field_name, "bad"]]}
    return _json(refused, status=400)


def _json(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = msgspec.json.Encoder(decimal_format="number").encode(value)
    return Response(body, status, headers, media_type="application/json")


def _html(body: bytes, *, headers: dict[str, str] | None = None) -> Response:
    return Response(body, headers=headers, media_type="text/html")
